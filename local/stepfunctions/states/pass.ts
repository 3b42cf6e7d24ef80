import type { PassState } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import type { Thread } from '../engine/thread.ts';

/** Goes on at once. */
export async function beginPass(run: Run, thread: Thread, state: PassState): Promise<void> {
  await leaveState(run, thread, { exit: state, output: thread.input });
}
