import { expect, test } from '@jest/globals';
import type { TaskOutcome } from '../../../local/stepfunctions/tasks/task-runner.ts';
import { EngineUnderTest, failed, never, ScriptedTasks, succeeded, type Answer } from './engine-under-test.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const JOB = 'arn:aws:states:::mediaconvert:createJob.sync';

/** A task, a wait, a retry, then two branches: a job and a task. */
const STATES = {
  First: { Type: 'Task', Resource: INVOKE, Arguments: 'first', Output: '{% $states.result %}', Next: 'Pause' },
  Pause: { Type: 'Wait', Seconds: 5, Next: 'Shaky' },
  Shaky: { Type: 'Task', Resource: INVOKE, Arguments: 'shaky', Retry: [{ ErrorEquals: ['Busy'] }], Next: 'Both' },
  Both: {
    Type: 'Parallel',
    Branches: [
      { StartAt: 'Transcode', States: { Transcode: { Type: 'Task', Resource: JOB, Arguments: 'job', End: true } } },
      {
        StartAt: 'Read',
        States: { Read: { Type: 'Task', Resource: INVOKE, Arguments: 'read', Next: 'Rest' }, Rest: { Type: 'Pass', End: true } },
      },
    ],
    Next: 'Last',
  },
  Last: { Type: 'Pass', End: true },
};

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** The services as they stand outside the engine: a crash does not undo what they did. */
class Outside {
  readonly done: string[] = [];
  jobs = 0;
  readonly answers: Readonly<Record<string, Answer>> = {
    First: () => this.#do('First', succeeded(1)),
    Shaky: () => this.#do('Shaky', this.done.includes('Shaky') ? succeeded(2) : failed('Busy')),
    Transcode: () => succeeded(`job-${(this.jobs += 1)}`),
    Read: () => this.#do('Read', succeeded(3)),
  };

  /** Takes a turn of the event loop, as everything does that is done outside. */
  async #do(name: string, outcome: TaskOutcome): Promise<TaskOutcome> {
    await turn();
    this.done.push(name);
    return outcome;
  }
}

function finishJobs(run: EngineUnderTest, tasks: ScriptedTasks): void {
  tasks.jobs.set('job-1', succeeded('transcoded'));
  run.engine.jobChanged('job-1');
}

test('whenever the process is killed, the run goes on to the same history and does nothing again that was done', async () => {
  const outside = new Outside();
  const tasks = new ScriptedTasks(outside.answers);
  const whole = new EngineUnderTest(tasks);
  const moments: { folder: string; done: string[]; jobs: number; now: number }[] = [];
  let events = 0;
  whole.onCommit = () => {
    const written = whole.history().length;
    if (written > events) moments.push({ folder: whole.copy(), done: [...outside.done], jobs: outside.jobs, now: whole.now });
    events = written;
  };
  await whole.start(STATES);
  await whole.runThrough();
  finishJobs(whole, tasks);
  await whole.runThrough();
  expect(whole.execution().status).toBe('SUCCEEDED');
  const expected = whole.types();
  whole.store.close();
  expect(moments.length).toBeGreaterThan(7);

  for (const { folder, done, jobs, now } of moments) {
    const after = new Outside();
    after.done.push(...done);
    after.jobs = jobs;
    const retried = new ScriptedTasks(after.answers);
    const run = new EngineUnderTest(retried, { folder, now });
    const before = run.types();
    run.engine.resume();
    await run.runThrough();
    finishJobs(run, retried);
    await run.runThrough();
    expect(run.execution().status).toBe('SUCCEEDED');
    // Branches may take turns in another order; nothing is missing and nothing is there twice.
    expect(run.types().toSorted()).toEqual(expected.toSorted());
    expect(run.types().slice(0, before.length)).toEqual(before);
    expect([after.done.filter((name) => name === 'First').length, after.done.filter((name) => name === 'Read').length, after.jobs]).toEqual(
      [1, 1, 1],
    );
    run.store.close();
  }
});

test('an invocation that the crash cut off is made again, without a new event and as the same attempt', async () => {
  const first = new EngineUnderTest(new ScriptedTasks({ Ask: never }));
  await first.start({ Ask: { Type: 'Task', Resource: INVOKE, Arguments: '{% $states.context.State.RetryCount %}', End: true } });
  await first.settle();
  const folder = first.copy();
  const tasks = new ScriptedTasks({ Ask: ({ arguments: args }) => succeeded({ attempt: args }) });
  const second = new EngineUnderTest(tasks, { folder });
  second.engine.resume();
  await second.runThrough();
  expect(tasks.asked).toEqual(['Ask']);
  expect(second.types().filter((type) => type === 'TaskScheduled' || type === 'TaskStarted')).toHaveLength(2);
  expect(second.execution().output).toBe('{"attempt":0}');
});

test('a job that ended while nobody was there is found at the next start, and none is started again', async () => {
  const first = new EngineUnderTest(new ScriptedTasks({ Make: () => succeeded('job-1') }));
  await first.start({ Make: { Type: 'Task', Resource: JOB, End: true } });
  await first.settle();
  const tasks = new ScriptedTasks({});
  tasks.jobs.set('job-1', succeeded({ Job: 'complete' }));
  const second = new EngineUnderTest(tasks, { folder: first.copy() });
  second.engine.resume();
  await second.runThrough();
  expect(tasks.asked).toEqual([]);
  expect(second.execution()).toMatchObject({ status: 'SUCCEEDED', output: '{"Job":"complete"}' });
});

test('a wait is not longer for a restart', async () => {
  const first = new EngineUnderTest(new ScriptedTasks({}));
  await first.start({ Pause: { Type: 'Wait', Seconds: 100, End: true } });
  await first.settle();
  const second = new EngineUnderTest(new ScriptedTasks({}), { folder: first.copy(), now: first.now + 70_000 });
  second.engine.resume();
  await second.runThrough();
  expect(second.now - first.now).toBe(100_000);
  // Whoever watches only now still learns when the state was entered.
  expect(second.notices.find(({ type }) => type === 'WaitStateExited')).toMatchObject({ enteredAt: first.now });
});

test('a result and the start of what follows are one transaction', async () => {
  const answered = Promise.withResolvers<TaskOutcome>();
  const run = new EngineUnderTest(new ScriptedTasks({ A: () => answered.promise, B: never }));
  await run.start({ A: { Type: 'Task', Resource: INVOKE, Next: 'B' }, B: { Type: 'Task', Resource: INVOKE, End: true } });
  await run.settle();
  const seen: number[] = [];
  run.onCommit = () => void seen.push(run.history().length);
  answered.resolve(succeeded(1));
  await run.settle();
  expect(new Set(seen)).toEqual(new Set([9]));
  expect(run.types().slice(4)).toEqual(['TaskSucceeded', 'TaskStateExited', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted']);
});
