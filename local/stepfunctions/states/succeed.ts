import type { SucceedState } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import type { Thread } from '../engine/thread.ts';

/** Ends the flow well. */
export async function beginSucceed(run: Run, thread: Thread, state: SucceedState): Promise<void> {
  await leaveState(run, thread, { exit: state.output === undefined ? {} : { output: state.output }, output: thread.input });
}
