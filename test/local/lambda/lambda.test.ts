import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openMessagingCloud, stateFolder, type MessagingCloud } from '../messaging-cloud.ts';
import { deployFunction, until } from './deploy-function.ts';

let cloud: MessagingCloud;
let folder: string;

beforeEach(async () => {
  folder = stateFolder();
  cloud = await openMessagingCloud({ folder });
});
afterEach(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(name: string, event: unknown = {}) {
  const answer = await new LambdaClient(cloud.client).send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    version: answer.ExecutedVersion,
    payload: JSON.parse(answer.Payload?.transformToString() ?? 'null'),
  };
}

const logLines = async (group: string): Promise<string[]> => {
  const { events } = await cloud.cloud.call(cloud.cloud.iam.operator, 'logs', 'FilterLogEvents', { logGroupName: group });
  return events.map(({ message }: { message: string }) => message);
};

test('a function sees its event, its context and its own environment, and nothing of the operator’s but PATH', async () => {
  process.env['OPERATORS_SECRET'] = 'x';
  const { arn } = await deployFunction(
    cloud,
    'echo',
    `let calls = 0;
     export const handler = async (event, context) => ({
       event, calls: ++calls, arn: context.invokedFunctionArn, remaining: context.getRemainingTimeInMillis(),
       requestId: context.awsRequestId, memory: context.memoryLimitInMB,
       secret: process.env.OPERATORS_SECRET ?? null, names: Object.keys(process.env), mine: process.env.MINE, endpoint: process.env.AWS_ENDPOINT_URL,
     });`,
    { Environment: { Variables: { MINE: 'own' } } },
  );
  const first = await call('echo', { hello: 'ü' });
  expect(first).toMatchObject({ status: 200, error: undefined, version: '$LATEST' });
  expect(first.payload).toMatchObject({
    event: { hello: 'ü' },
    calls: 1,
    arn,
    memory: '256',
    mine: 'own',
    secret: null,
    endpoint: cloud.client.endpoint,
  });
  expect(first.payload.remaining).toBeGreaterThan(0);
  expect(
    first.payload.names.filter((name: string) => !/^(AWS_|_|LAMBDA_|PATH$|LANG$|TZ$|HOME$|TMPDIR$|MINE$|NODE_CHANNEL)/.test(name)),
  ).toEqual([]);
  const again = await call(`${arn}:$LATEST`);
  expect([again.payload.calls, again.payload.requestId === first.payload.requestId]).toEqual([2, false]);
});

test('console lines and the START, END and REPORT lines are in the function’s log group, in order', async () => {
  await deployFunction(
    cloud,
    'talker',
    `export const handler = async () => { console.log('said', { x: 1 }); console.error('two\\nlines'); process.stdout.write('raw\\n'); };`,
  );
  await call('talker');
  const lines = await logLines('/aws/lambda/talker');
  expect(
    lines.map((line) =>
      line
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
        .replace(/^\d{4}-\S+/, 'TIME')
        .replace(/Duration: .*/s, '…'),
    ),
  ).toEqual([
    'START RequestId: ID Version: $LATEST',
    'TIME\tID\tINFO\tsaid { x: 1 }',
    'TIME\tID\tERROR\ttwo\nlines',
    'raw',
    'END RequestId: ID',
    'REPORT RequestId: ID\t…',
  ]);
});

test.each([
  [
    'throws',
    `export const handler = async () => { class NoSpeechFoundError extends Error { name = 'NoSpeechFoundError' } throw new NoSpeechFoundError('silence'); };`,
    'NoSpeechFoundError',
    /^silence$/,
  ],
  ['throws no error', `export const handler = async () => { throw 'text'; };`, 'string', /^text$/],
  [
    'rejects on the side',
    `export const handler = async () => { Promise.reject(new Error('aside')); await new Promise(() => setTimeout(() => {}, 1e6)); };`,
    'Runtime.UnhandledPromiseRejection',
    /^aside$/,
  ],
  [
    'ends its process',
    `export const handler = async () => process.exit(3);`,
    'Runtime.ExitError',
    /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
  ],
  [
    'ends its process calmly',
    `export const handler = async () => process.exit(0);`,
    'Runtime.ExitError',
    /Error: Runtime exited without providing a reason$/,
  ],
  [
    'takes more memory than it has',
    `export const handler = async () => { const all = []; for (;;) all.push(new Array(100000).fill({}).map((_, i) => ({ i }))); };`,
    'Runtime.OutOfMemory',
    /Error: Runtime exited with error: signal: killed$/,
  ],
  [
    'takes more time than it has',
    `export const handler = async () => { for (;;); };`,
    'Sandbox.Timedout',
    /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$/,
  ],
  ['cannot be loaded', `throw new TypeError('broken at load');`, 'TypeError', /^broken at load$/],
  ['has no such export', `export const other = 1;`, 'Runtime.HandlerNotFound', /^index.handler is undefined or not exported$/],
  [
    'still takes a callback',
    `export const handler = (event, context, callback) => callback(null, 1);`,
    'Runtime.CallbackHandlerDeprecated',
    /callback/,
  ],
])(
  'a function that %s answers as Lambda does, and the next call runs',
  async (name, code, errorType, message) => {
    const timeout = name.includes('time') ? 1 : 20;
    await deployFunction(cloud, 'faulty', code, { MemorySize: 128, Timeout: timeout });
    const { status, error, payload } = await call('faulty');
    expect([status, error, payload.errorType]).toEqual([200, 'Unhandled', errorType]);
    expect(payload.errorMessage).toMatch(message);
    if (name === 'throws') expect(payload.trace[0]).toBe('NoSpeechFoundError: silence');
    if (timeout === 1) return;
    await deployFunction(cloud, 'faulty', `export const handler = async () => 'well';`);
    expect((await call('faulty')).payload).toBe('well');
  },
  30_000,
);

test('what a function writes without a line’s end is a line, and does not hold up its answer', async () => {
  await deployFunction(cloud, 'unended', `export const handler = async () => { process.stdout.write('half a line'); return 1; };`, {
    Timeout: 5,
  });
  expect(await call('unended')).toMatchObject({ error: undefined, payload: 1 });
  expect(await logLines('/aws/lambda/unended')).toContain('half a line');
});

test('an answer that JSON has no word for is null', async () => {
  await deployFunction(cloud, 'wordless', `export const handler = async () => () => 1;`);
  expect(await call('wordless')).toMatchObject({ error: undefined, payload: null });
});

test('an unknown function and a runtime that is not run are refused by name', async () => {
  await expect(call('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await cloud.deploy('AWS::Lambda::Function', 'CustomCDKBucketDeployment8693', {
    FunctionName: 'provider',
    Runtime: 'python3.13',
    Code: {},
    Handler: 'index.handler',
    Role: 'r',
  });
  await expect(call('provider')).rejects.toMatchObject({ name: 'InvalidRuntimeException', message: expect.stringContaining('python3.13') });
  await expect(
    cloud.deploy('AWS::Lambda::Function', 'Old', { Runtime: 'nodejs20.x', Code: {}, Handler: 'x.y', Role: 'r' }),
  ).rejects.toThrow('nodejs20.x');
});

test('invocations at the same time have a process each', async () => {
  await deployFunction(
    cloud,
    'meet',
    `export const handler = async ({ wait }) => { await new Promise((r) => setTimeout(r, wait)); return process.pid; };`,
  );
  const pids = await Promise.all([call('meet', { wait: 300 }), call('meet', { wait: 300 }), call('meet', { wait: 300 })]);
  expect(new Set(pids.map(({ payload }) => payload)).size).toBe(3);
});

test('metrics in the embedded format are counted, and a sampled call leaves its segment', async () => {
  const emf = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: 'Pulpit', Dimensions: [['service']], Metrics: [{ Name: 'RunsStarted', Unit: 'Count' }] }],
    },
    service: 'pulpit',
    RunsStarted: [1, 4],
  };
  await deployFunction(
    cloud,
    'measured',
    `export const handler = async () => { process.stdout.write(${JSON.stringify(JSON.stringify(emf))} + '\\n'); return process.env._X_AMZN_TRACE_ID; };`,
    { TracingConfig: { Mode: 'Active' } },
  );
  const { payload } = await call('measured');
  const [minute] = cloud.observability.readMetric('Pulpit', 'RunsStarted', 0, Date.now() + 60_000);
  expect(minute).toMatchObject({ dimensions: { service: 'pulpit' }, unit: 'Count', count: 2, sum: 5, least: 1, most: 4 });
  const [, traceId, parent] = /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1$/.exec(payload) ?? [];
  expect(cloud.observability.readTrace(String(traceId))).toMatchObject([{ id: parent, name: 'measured', origin: 'AWS::Lambda::Function' }]);
});

test('a function’s process dies with the local cloud, even when that is killed', async () => {
  const runtime = join(import.meta.dirname, '../../../local/lambda/runtime.ts');
  const codeFolder = join(folder, 'code', 'idle');
  mkdirSync(codeFolder, { recursive: true });
  writeFileSync(join(codeFolder, 'index.mjs'), `setInterval(() => {}, 1000); export const handler = () => {};`);
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { spawn } from 'node:child_process';
       const child = spawn(process.execPath, [${JSON.stringify(runtime)}], {
         stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced',
         env: { LAMBDA_TASK_ROOT: ${JSON.stringify(codeFolder)}, _HANDLER: 'index.handler' } });
       child.on('message', () => console.log(child.pid));`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(data.toString()))));
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !isRunning(pid));
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
