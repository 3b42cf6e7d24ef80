import { expect, test } from '@jest/globals';
import { EngineUnderTest, failed, never, ScriptedTasks, succeeded, type Answer } from './engine-under-test.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const TOKEN = `${INVOKE}.waitForTaskToken`;
const JOB = 'arn:aws:states:::ecs:runTask.sync';

const branch = (name: string, Resource: string) => ({ StartAt: name, States: { [name]: { Type: 'Task', Resource, End: true } } });

function waiting(more: Record<string, unknown> = {}, answer: Answer = () => succeeded('accepted'), others: Record<string, unknown> = {}) {
  const tokens: unknown[] = [];
  const tasks = new ScriptedTasks({ Ask: (task, asked) => (tokens.push(task.arguments), answer(task, asked)) });
  const run = new EngineUnderTest(tasks);
  const start = () =>
    run.start({ Ask: { Type: 'Task', Resource: TOKEN, Arguments: '{% $states.context.Task.Token %}', End: true, ...more }, ...others });
  return { run, start, token: () => tokens.at(-1) as string };
}

test('a token ends its task once; the second answer finds nothing to end', async () => {
  const { run, start, token } = waiting();
  await start();
  await run.settle();
  expect(run.types().at(-1)).toBe('TaskSubmitted');
  expect(await run.engine.answerToken(token(), succeeded({ fine: true }))).toBe(true);
  expect(await run.engine.answerToken(token(), succeeded('again'))).toBe(false);
  expect(run.execution()).toMatchObject({ status: 'SUCCEEDED', output: '{"fine":true}' });
});

test('a token is in the database before anybody is given it, and survives a restart', async () => {
  const { run, start, token } = waiting({}, never);
  await start();
  await run.settle();
  const after = new EngineUnderTest(new ScriptedTasks({ Ask: never }), { folder: run.copy() });
  after.engine.resume();
  await after.settle();
  expect(await after.engine.answerToken(token(), failed('NoSpeechFoundError', 'nobody spoke'))).toBe(true);
  expect(after.execution()).toMatchObject({ status: 'FAILED', error: 'NoSpeechFoundError', cause: 'nobody spoke' });
});

test('a heartbeat keeps a task alive, and a missed one is a States.Timeout that handlers may call by both names', async () => {
  const limits = { TimeoutSeconds: 600, HeartbeatSeconds: 10, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Lost' }] };
  const { run, start, token } = waiting(limits, undefined, { Lost: { Type: 'Succeed' } });
  const begin = run.now;
  await start();
  await run.settle();
  run.now += 8_000;
  expect(await run.engine.heartbeat(token())).toBe(true);
  await run.runThrough();
  expect(run.now - begin).toBe(18_000);
  expect(run.detail('TaskTimedOut')).toEqual({ resourceType: 'lambda', resource: 'invoke.waitForTaskToken', error: 'States.Timeout' });
  expect(run.execution().status).toBe('SUCCEEDED');
});

test('a job whose time is up is stopped, and States.TaskFailed does not take a time-out', async () => {
  const tasks = new ScriptedTasks({ Embed: () => succeeded('job-1') });
  const run = new EngineUnderTest(tasks);
  const retry = [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 5 }];
  await run.start({ Embed: { Type: 'Task', Resource: JOB, TimeoutSeconds: '{% 2 * 30 %}', Retry: retry, End: true } });
  await run.runThrough();
  expect(tasks.cancelled).toEqual(['job-1']);
  expect(tasks.asked).toHaveLength(1);
  expect(run.execution()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

test('a failing branch stops the jobs of the others', async () => {
  const tasks = new ScriptedTasks({ Embed: () => succeeded('job-1'), Index: () => failed('Broken') });
  const run = new EngineUnderTest(tasks);
  await run.start({ Both: { Type: 'Parallel', Branches: [branch('Embed', JOB), branch('Index', INVOKE)], End: true } });
  await run.runThrough();
  expect(tasks.cancelled).toEqual(['job-1']);
  expect(run.types().slice(-4)).toEqual(['TaskFailed', 'TaskStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
});

test('stopping an execution stops its jobs and writes one event without a predecessor', async () => {
  const tasks = new ScriptedTasks({ Embed: () => succeeded('job-1') });
  const run = new EngineUnderTest(tasks);
  const execution = await run.start({ Embed: { Type: 'Task', Resource: JOB, End: true } });
  await run.settle();
  await run.engine.stop(execution, { error: 'Superseded', cause: 'a newer upload' });
  expect(tasks.cancelled).toEqual(['job-1']);
  expect(run.events().at(-1)).toBe('6<0 ExecutionAborted');
  expect(run.execution()).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
  expect(run.statuses).toEqual(['RUNNING', 'ABORTED']);
});
