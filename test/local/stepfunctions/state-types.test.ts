import { expect, test } from '@jest/globals';
import { EngineUnderTest, failed, ScriptedTasks, succeeded } from './engine-under-test.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const ok = { Type: 'Pass', End: true };

test('a branch that ends leads on to what follows its Parallel, as AWS counts events', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const branch = (name: string) => ({ StartAt: name, States: { [name]: ok } });
  await run.start({ Both: { Type: 'Parallel', Branches: [branch('A'), branch('B')], Next: 'After' }, After: ok });
  await run.runThrough();
  expect(run.events()).toEqual([
    '1<0 ExecutionStarted',
    '2<0 ParallelStateEntered',
    '3<2 ParallelStateStarted',
    '4<3 PassStateEntered',
    '5<4 PassStateExited',
    '6<3 PassStateEntered',
    '7<6 PassStateExited',
    '8<7 ParallelStateSucceeded',
    '9<7 ParallelStateExited',
    '10<9 PassStateEntered',
    '11<10 PassStateExited',
    '12<11 ExecutionSucceeded',
  ]);
  expect(run.execution().output).toBe('[{},{}]');
});

test('iterations of a Map begin together up to the limit, and outputs keep the order of the items', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const processor = {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Output: '{% $states.input.name %}', End: true } },
  };
  const selector = { seconds: '{% $states.context.Map.Item.Value %}', name: '{% "item " & $states.context.Map.Item.Index %}' };
  await run.start({
    Each: { Type: 'Map', Items: '{% [3, 1, 2] %}', MaxConcurrency: 2, ItemSelector: selector, ItemProcessor: processor, End: true },
  });
  await run.settle();
  expect(run.types().filter((type) => type === 'MapIterationStarted')).toHaveLength(2);
  await run.runThrough();
  expect(run.execution().output).toBe('["item 0","item 1","item 2"]');
});

test('a failed iteration aborts the others and fails the Map with the same previous event', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const states = {
    Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Fail' }], Default: 'Wait' },
    Fail: { Type: 'Fail', Error: 'Oops', Cause: 'said so' },
    Wait: { Type: 'Wait', Seconds: 60, End: true },
  };
  const caught = [{ ErrorEquals: ['Oops'], Next: 'Caught' }];
  await run.start({
    Each: { Type: 'Map', Items: [0, 1], ItemProcessor: { StartAt: 'Which', States: states }, Catch: caught, End: true },
    Caught: ok,
  });
  await run.runThrough();
  expect(run.events().slice(-9)).toEqual([
    '11<10 FailStateEntered',
    '12<11 MapIterationFailed',
    '13<11 WaitStateAborted',
    '14<11 MapIterationAborted',
    '15<11 MapStateFailed',
    '16<15 MapStateExited',
    '17<16 PassStateEntered',
    '18<17 PassStateExited',
    '19<18 ExecutionSucceeded',
  ]);
});

test('a task is tried again as its Retry says, with the count in the context, and AWS writes no second entry', async () => {
  const seen: unknown[] = [];
  const tasks = new ScriptedTasks({
    Try: ({ arguments: args }, asked) => (seen.push(args), asked < 3 ? failed('Busy', 'later') : succeeded('done')),
  });
  const run = new EngineUnderTest(tasks);
  const retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 20 }];
  await run.start({
    Try: { Type: 'Task', Resource: INVOKE, Arguments: '{% $states.context.State.RetryCount %}', Retry: retry, End: true },
  });
  const begin = run.now;
  await run.runThrough();
  expect(seen).toEqual([0, 1, 2]);
  expect(run.now - begin).toBe(30_000);
  expect(run.types()).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

test('retriers are counted each for itself, and MaxAttempts 0 never retries', async () => {
  const errors = ['A', 'B', 'A', 'B', 'C'];
  const tasks = new ScriptedTasks({ Try: (_task, asked) => failed(errors[asked - 1] ?? 'X') });
  const run = new EngineUnderTest(tasks);
  const retry = [
    { ErrorEquals: ['A'], MaxAttempts: 2 },
    { ErrorEquals: ['B'], MaxAttempts: 2 },
    { ErrorEquals: ['C'], MaxAttempts: 0 },
    { ErrorEquals: ['States.ALL'] },
  ];
  await run.start({ Try: { Type: 'Task', Resource: INVOKE, Retry: retry, End: true } });
  await run.runThrough();
  expect(tasks.asked).toHaveLength(5);
  expect(run.execution().error).toBe('C');
});

test('every expression of an Assign sees the values from before, and a branch never writes outer variables', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const inner = { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { a: 99 }, Output: '{% $a %}', End: true } } };
  await run.start({
    First: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
    Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Next: 'Inside' },
    Inside: { Type: 'Parallel', Branches: [inner], Next: 'Last' },
    Last: { Type: 'Pass', Output: { a: '{% $a %}', b: '{% $b %}', inner: '{% $states.input[0] %}' }, End: true },
  });
  await run.runThrough();
  expect(run.execution().output).toBe('{"a":2,"b":1,"inner":2}');
});

test('a failed expression names the state, its entry and the field, and a Catch may take it', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  const task = {
    Type: 'Task',
    Resource: INVOKE,
    Arguments: { a: [1, '{% $nothing %}'] },
    Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }],
    End: true,
  };
  await run.start({ Ask: task, Caught: ok });
  await run.runThrough();
  expect(run.detail('EvaluationFailed')).toEqual({
    state: 'Ask',
    location: 'Arguments/a[1]',
    error: 'States.QueryEvaluationError',
    cause:
      "An error occurred while executing the state 'Ask' (entered at the event id #2). The JSONata expression '$nothing' specified for the field 'Arguments/a[1]' returned nothing (undefined).",
  });
  expect(run.execution().status).toBe('SUCCEEDED');
});

test('a payload over 256 KiB fails the state that makes it', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  await run.start({ Big: { Type: 'Pass', Output: "{% $pad('', 262143, 'x') %}", End: true } });
  await run.runThrough();
  expect(run.execution()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('a workflow that never ends is ended by the limit of 25,000 events', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  await run.start({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
  await run.runThrough();
  expect(run.execution()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(run.engine.history.lastId(run.execution().id)).toBe(25_000);
});

test('the time of the whole execution is limited, and its end has no previous event', async () => {
  const run = new EngineUnderTest(new ScriptedTasks({}));
  await run.start({ Long: { Type: 'Wait', Seconds: 3600, End: true } }, {}, { TimeoutSeconds: 60 });
  await run.runThrough();
  expect(run.execution().status).toBe('TIMED_OUT');
  expect(run.events().at(-1)).toBe('3<0 ExecutionTimedOut');
});
