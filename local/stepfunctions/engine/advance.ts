import { payload } from '../history/history-event.ts';
import { StateFailedError } from '../state-failure.ts';
import { beginChoice } from '../states/choice.ts';
import { beginFail } from '../states/fail.ts';
import { beginMap, joinIteration } from '../states/map.ts';
import { beginParallel, joinBranch } from '../states/parallel.ts';
import { beginPass } from '../states/pass.ts';
import { beginSucceed } from '../states/succeed.ts';
import { beginTask } from '../states/task.ts';
import { beginWait } from '../states/wait.ts';
import { failState, told } from './fail-state.ts';
import { finishExecution } from './finish-execution.ts';
import type { Run } from './run.ts';
import type { Thread } from './thread.ts';

/** Lets every thread that can go on do so, until all of them wait for something. */
export async function advance(run: Run): Promise<void> {
  for (let thread = run.ready.shift(); thread !== undefined && run.isRunning; thread = run.ready.shift()) {
    const current = thread;
    if (current.status === 'succeeded') await endFlow(run, current);
    else if (current.status === 'running') await guarded(run, current, () => step(run, current));
  }
}

/** Does something in a thread's state; a failure of the state is retried, caught, or ends what is around. */
export async function guarded(run: Run, thread: Thread, work: () => Promise<void>): Promise<void> {
  try {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StateFailedError)) throw error;
      await failState(run, thread, error);
    }
  } catch (error) {
    if (!(error instanceof StateFailedError) || !run.isRunning) throw error;
    // Not even the failure could be written: the history is full.
    finishExecution(run, 'FAILED', { previousEventId: run.lastEventId, failure: told(error.failure) });
  }
}

async function step(run: Run, thread: Thread): Promise<void> {
  const state = run.stateOf(thread);
  if (thread.activity.kind === 'enter') {
    thread.beforeEntryEventId = thread.lastEventId;
    thread.enteredAt = run.now;
    thread.enteredEventId = run.append(thread, `${state.type}StateEntered`, {
      name: state.name,
      ...payload('input', JSON.stringify(thread.input)),
    });
    thread.activity = { kind: 'begin' };
  }
  if (thread.activity.kind !== 'begin') return;
  switch (state.type) {
    case 'Task':
      return beginTask(run, thread, state);
    case 'Pass':
      return beginPass(run, thread, state);
    case 'Choice':
      return beginChoice(run, thread, state);
    case 'Wait':
      return beginWait(run, thread, state);
    case 'Parallel':
      return beginParallel(run, thread, state);
    case 'Map':
      return beginMap(run, thread, state);
    case 'Succeed':
      return beginSucceed(run, thread, state);
    case 'Fail':
      return beginFail(run, thread, state);
  }
}

/** A flow came to its end: the execution's, or a branch's or iteration's, which the state around waits for. */
async function endFlow(run: Run, thread: Thread): Promise<void> {
  const parent = run.parentOf(thread);
  if (parent === undefined) {
    finishExecution(run, 'SUCCEEDED', { previousEventId: thread.lastEventId, output: thread.output ?? null });
    return;
  }
  // Only the output is needed from now on.
  thread.input = null;
  thread.variables = {};
  const state = run.stateOf(parent);
  await guarded(run, parent, async () => {
    if (state.type === 'Parallel') await joinBranch(run, parent, state, thread);
    else if (state.type === 'Map') await joinIteration(run, parent, state, thread);
  });
}
