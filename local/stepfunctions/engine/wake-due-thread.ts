import { endTask, timeUp } from '../states/task.ts';
import { endWait } from '../states/wait.ts';
import { guarded } from './advance.ts';
import { cancelJob } from './fail-state.ts';
import type { Run } from './run.ts';
import { dueAt } from './thread.ts';

/** Does what a thread waited for the time to do: go on, try again, or give up on a task. */
export async function wakeDueThread(run: Run, threadId: number): Promise<void> {
  const thread = run.threads.get(threadId);
  if (thread === undefined || !run.isRunning || (dueAt(thread) ?? Number.POSITIVE_INFINITY) > run.now) return;
  const { activity } = thread;
  const state = run.stateOf(thread);
  if (activity.kind === 'retry') {
    thread.activity = { kind: 'begin' };
    run.wake(thread);
  } else if (activity.kind === 'wait' && state.type === 'Wait') {
    await guarded(run, thread, () => endWait(run, thread, state));
  } else if (activity.kind === 'task' && state.type === 'Task') {
    cancelJob(run, thread);
    await guarded(run, thread, () => endTask(run, thread, state, { kind: 'timedOut', failure: timeUp(activity, run.now) }));
  }
}
