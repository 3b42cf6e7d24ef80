import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BareCloud } from '../s3/bare-cloud.ts';
import { openEcs } from './task-host.ts';

const PROGRAM = `
  import { writeFileSync } from 'node:fs';
  const { MODE, NODE_ENV, FROM_DEFINITION, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, PROOF } = process.env;
  console.log(JSON.stringify({ NODE_ENV, FROM_DEFINITION, key: AWS_ACCESS_KEY_ID?.slice(0, 4), AWS_ENDPOINT_URL }));
  if (MODE === 'fail') process.exitCode = 3;
  if (MODE === 'wait') {
    process.once('SIGTERM', () => process.exit(143));
    setInterval(() => undefined, 1000);
    writeFileSync('started', String(process.pid));
  }
`;

let folder: string;
let bare: BareCloud;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pulpit-ecs-'));
  const image = join(folder, 'assembly', 'image');
  mkdirSync(image, { recursive: true });
  writeFileSync(
    join(image, 'Dockerfile'),
    'FROM node:24\nENV NODE_ENV=production\nWORKDIR /app\nCOPY main.mjs ./\nENTRYPOINT ["node", "main.mjs"]\n',
  );
  writeFileSync(join(image, 'main.mjs'), PROGRAM);
  const manifest = { dockerImages: { image: { source: { directory: 'image' }, destinations: { here: { imageTag: 'tag1' } } } } };
  writeFileSync(join(folder, 'assembly', 'test.assets.json'), JSON.stringify(manifest));
  lines = [];
});
afterEach(() => bare.remove());

async function run(mode: string, more: object = {}): Promise<string> {
  const { tasks } = await bare.call('ecs', 'RunTask', {
    cluster: 'cluster',
    taskDefinition: 'embedding',
    overrides: { containerOverrides: [{ name: 'embedding', environment: [{ name: 'MODE', value: mode }] }] },
    ...more,
  });
  return tasks[0].taskArn;
}

const statuses = () => bare.events.map(({ detail }) => detail['lastStatus'] as string);
const describe = async (task: string) => (await bare.call('ecs', 'DescribeTasks', { cluster: 'cluster', tasks: [task] }))['tasks'][0];

/** Resolves when the last event tells of a stopped task. */
async function untilStopped(): Promise<void> {
  while (statuses().at(-1) !== 'STOPPED') await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resolves when the waiting program runs, with its process id. */
async function untilStarted(): Promise<number> {
  const image = join(folder, 'assembly', 'image');
  const file = join(image, 'started');
  const changes = watch(image);
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await once(changes, 'change');
  changes.close();
  return Number(readFileSync(file, 'utf8'));
}

test('a task runs the image with its environment and the role of the task, and its end is told with all its events', async () => {
  bare = await openEcs(folder, lines);
  const arn = await run('succeed');
  await untilStopped();
  expect(statuses()).toEqual(['PROVISIONING', 'RUNNING', 'STOPPED']);
  expect(bare.events.at(-1)).toMatchObject({
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [arn],
    detail: { taskArn: arn, stopCode: 'EssentialContainerExited', containers: [{ name: 'embedding', exitCode: 0, lastStatus: 'STOPPED' }] },
  });
  expect(await describe(arn)).toMatchObject({ lastStatus: 'STOPPED', stoppedAt: expect.any(Date) });
  const id = arn.split('/').at(-1);
  expect(lines).toEqual([
    `logs prefix/embedding/${id} {"NODE_ENV":"production","FROM_DEFINITION":"yes","key":"AKIA","AWS_ENDPOINT_URL":"${bare.cloud.endpoint}"}`,
  ]);
});

test('the exit code of a failing task is told', async () => {
  bare = await openEcs(folder);
  const arn = await run('fail');
  await untilStopped();
  expect(await describe(arn)).toMatchObject({ containers: [{ exitCode: 3 }] });
});

test('one client token starts one task', async () => {
  bare = await openEcs(folder);
  const [first, second] = [await run('succeed', { clientToken: 't' }), await run('succeed', { clientToken: 't' })];
  expect(second).toBe(first);
  await expect(run('fail', { clientToken: 't' })).rejects.toMatchObject({ code: 'ConflictException' });
  await untilStopped();
});

test('StopTask ends the program with SIGTERM and gives the reason', async () => {
  bare = await openEcs(folder);
  const arn = await run('wait');
  await untilStarted();
  await bare.call('ecs', 'StopTask', { cluster: 'cluster', task: arn, reason: 'enough' });
  await untilStopped();
  expect(await describe(arn)).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough', containers: [{ exitCode: 143 }] });
});

test('killing the local cloud kills its tasks, and the next start tells that they failed', async () => {
  const host = fork(join(import.meta.dirname, 'task-host.ts'), [folder], { execPath: process.execPath, execArgv: ['--no-warnings'] });
  const [arn] = (await once(host, 'message')) as [string];
  const program = await untilStarted();
  host.kill('SIGKILL');
  await once(host, 'exit');
  while (isRunning(program)) await new Promise((resolve) => setTimeout(resolve, 10));
  bare = await openEcs(folder);
  expect(await describe(arn)).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TerminationNotice', containers: [{ exitCode: 137 }] });
  expect(statuses()).toEqual(['STOPPED']);
});

function isRunning(pid: number): boolean {
  try {
    // A process that has ended and was not collected yet counts as ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('RunTask takes the right to pass the roles of the task', async () => {
  const role = { kind: 'role', arn: 'arn:aws:iam::000000000000:role/runner' } as const;
  bare = await openEcs(folder);
  bare.cloud.iam.defineRole('runner');
  bare.cloud.iam.attachPolicy('runner', 'p', { Statement: [{ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*' }] });
  const call = bare.cloud.call(role, 'ecs', 'RunTask', { cluster: 'cluster', taskDefinition: 'embedding' });
  await expect(call).rejects.toThrow('iam:PassRole');
});
