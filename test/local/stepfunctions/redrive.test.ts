import { expect, test } from '@jest/globals';
import { EngineUnderTest, failed, ScriptedTasks, succeeded } from './engine-under-test.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const JOB = 'arn:aws:states:::ecs:runTask.sync';

const branch = (name: string, Resource: string, before = {}) => ({
  StartAt: Object.keys(before)[0] ?? name,
  States: { ...before, [name]: { Type: 'Task', Resource, End: true } },
});

test('a redrive goes on at the failed state with its input and fresh retries', async () => {
  const tasks = new ScriptedTasks({ Second: (_task, asked) => (asked <= 2 ? failed('Busy') : succeeded('fine')) });
  const run = new EngineUnderTest(tasks);
  const second = {
    Type: 'Task',
    Resource: INVOKE,
    Arguments: '{% $states.input %}',
    Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
    End: true,
  };
  const execution = await run.start({ First: { Type: 'Task', Resource: INVOKE, Output: 'from first', Next: 'Second' }, Second: second });
  await run.runThrough();
  expect(run.execution().status).toBe('FAILED');
  const written = run.types().length;
  await run.engine.redrive(execution);
  await run.runThrough();
  expect(tasks.asked).toEqual(['First', 'Second', 'Second', 'Second']);
  expect(run.types().slice(written)).toEqual([
    'ExecutionRedriven',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(run.detail('TaskScheduled')['parameters']).toBe('"from first"');
  expect(run.execution()).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  expect(run.execution().error).toBeUndefined();
});

test('of a Parallel only the branches run again that failed or were aborted', async () => {
  const tasks = new ScriptedTasks({
    Quick: () => succeeded('quick'),
    Long: (_task, asked) => succeeded(`job-${asked}`),
    Broken: (_task, asked) => (asked === 1 ? failed('Oops') : succeeded('mended')),
  });
  tasks.jobs.set('job-2', succeeded('long'));
  const run = new EngineUnderTest(tasks);
  const pause = { Pause: { Type: 'Wait', Seconds: 5, Next: 'Broken' } };
  const execution = await run.start({
    All: { Type: 'Parallel', Branches: [branch('Quick', INVOKE), branch('Long', JOB), branch('Broken', INVOKE, pause)], End: true },
  });
  await run.runThrough();
  expect(run.execution()).toMatchObject({ status: 'FAILED', error: 'Oops' });
  await run.engine.redrive(execution);
  await run.runThrough();
  expect(tasks.asked).toEqual(['Long', 'Quick', 'Broken', 'Long', 'Broken']);
  expect(run.execution()).toMatchObject({ status: 'SUCCEEDED', output: '["quick","long","mended"]' });
});

test('a Map goes on with the iterations that did not end well, and with those that had not begun', async () => {
  const tasks = new ScriptedTasks({ Each: ({ arguments: item }, asked) => (asked === 2 ? failed('Oops') : succeeded(item)) });
  const run = new EngineUnderTest(tasks);
  const processor = { StartAt: 'Each', States: { Each: { Type: 'Task', Resource: INVOKE, Arguments: '{% $states.input %}', End: true } } };
  const execution = await run.start({
    All: { Type: 'Map', Items: ['a', 'b', 'c'], MaxConcurrency: 1, ItemProcessor: processor, End: true },
  });
  await run.runThrough();
  expect(run.execution().status).toBe('FAILED');
  await run.engine.redrive(execution);
  await run.runThrough();
  expect(tasks.asked).toHaveLength(4);
  expect(run.execution()).toMatchObject({ status: 'SUCCEEDED', output: '["a","b","c"]' });
});

test('a redrive of a run that ended in a Fail state enters it again and fails again', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const execution = await run.start({ No: { Type: 'Fail', Error: 'Never' } });
  await run.runThrough();
  await run.engine.redrive(execution);
  await run.runThrough();
  expect(run.types()).toEqual([
    'ExecutionStarted',
    'FailStateEntered',
    'ExecutionFailed',
    'ExecutionRedriven',
    'FailStateEntered',
    'ExecutionFailed',
  ]);
});

test('a run that a crash cut off after its redrive goes on', async () => {
  const tasks = new ScriptedTasks({ Make: (_task, asked) => (asked === 1 ? failed('Oops') : succeeded('job-1')) });
  const run = new EngineUnderTest(tasks);
  const execution = await run.start({ Make: { Type: 'Task', Resource: JOB, End: true } });
  await run.runThrough();
  await run.engine.redrive(execution);
  await run.settle();
  const later = new ScriptedTasks({});
  later.jobs.set('job-1', succeeded('made'));
  const after = new EngineUnderTest(later, { folder: run.copy() });
  after.engine.resume();
  await after.runThrough();
  expect(after.execution()).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
});
