import type { Run } from './run.ts';
import type { Thread } from './thread.ts';

/** These do their work again without being entered again; the others are entered anew, so a Fail state fails again. */
const RESUMED_TYPES = ['Task', 'Parallel', 'Map'];

/** Puts an ended execution's threads back where they failed or were aborted; what succeeded stays. */
export function redriveThreads(run: Run, redrivenEventId: number): void {
  for (const thread of run.threads.values()) {
    if (thread.parent === undefined) revive(run, thread, redrivenEventId);
  }
}

function revive(run: Run, thread: Thread, redrivenEventId: number): void {
  if (thread.status === 'succeeded') return;
  const unfinished = run.childrenOf(thread).filter(({ status }) => status !== 'succeeded');
  // A result that was too large for the state is too large again, unless the branches give another: all run again.
  const onlyUnfinished = thread.activity.kind === 'join' && unfinished.length > 0 && thread.failure?.error !== 'States.DataLimitExceeded';
  thread.status = 'running';
  thread.retries = [];
  thread.lastEventId = redrivenEventId;
  delete thread.failure;
  if (onlyUnfinished) {
    for (const child of unfinished) revive(run, child, redrivenEventId);
    run.touch(thread);
    return;
  }
  run.removeBelow(thread);
  const wasEntered = thread.activity.kind !== 'enter';
  thread.activity = { kind: wasEntered && RESUMED_TYPES.includes(run.stateOf(thread).type) ? 'begin' : 'enter' };
  run.touch(thread);
  run.ready.push(thread);
}
