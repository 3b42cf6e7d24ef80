import type { ParallelState } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { Thread } from '../engine/thread.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { Json } from '../json.ts';

/** Starts every branch with the same input. */
export async function beginParallel(run: Run, thread: Thread, state: ParallelState): Promise<void> {
  const input = state.arguments === undefined ? thread.input : await evaluate(state.arguments, 'Arguments', scopeOf(run, thread));
  const started = run.append(thread, 'ParallelStateStarted');
  const { length } = state.branches;
  thread.activity = { kind: 'join', inputs: [], begun: length, atOnce: length };
  for (const [index, { startAt }] of state.branches.entries()) {
    run.begin({ parent: thread.id, index, state: startAt, input, lastEventId: started });
  }
}

/** Takes a finished branch; the last one ends the state. */
export async function joinBranch(run: Run, thread: Thread, state: ParallelState, branch: Thread): Promise<void> {
  thread.lastEventId = branch.lastEventId;
  run.touch(thread);
  const branches = run.childrenOf(thread);
  if (branches.some(({ status }) => status !== 'succeeded')) return;
  // What follows leads on from the branch's last event, as recorded.
  run.appendAfter(thread.lastEventId, 'ParallelStateSucceeded');
  const result = outputsOf(branches);
  await leaveState(run, thread, { exit: state, output: result, moment: { result } });
  run.removeBelow(thread);
}

/** What finished threads came to, in the order of their index. */
export function outputsOf(threads: readonly Thread[]): readonly Json[] {
  return threads.toSorted((a, b) => a.index - b.index).map(({ output }) => output ?? null);
}
