import type { WaitState } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { Thread } from '../engine/thread.ts';
import { evaluateAs, evaluateCount, failedQuery } from '../expressions/evaluate.ts';

// ISO 8601 with date, time and offset, as java.time's ISO_OFFSET_DATE_TIME reads it.
const OFFSET_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;

/** Waits until a time that is kept in the database, so a restart does not wait longer. */
export async function beginWait(run: Run, thread: Thread, state: WaitState): Promise<void> {
  const until = await waitUntil(run, thread, state);
  if (until <= run.now) {
    await endWait(run, thread, state);
    return;
  }
  thread.activity = { kind: 'wait', until };
  run.touch(thread);
}

/** Goes on once the time has come. */
export async function endWait(run: Run, thread: Thread, state: WaitState): Promise<void> {
  await leaveState(run, thread, { exit: state, output: thread.input });
}

async function waitUntil(run: Run, thread: Thread, { seconds, timestamp }: WaitState): Promise<number> {
  const scope = scopeOf(run, thread);
  if (seconds !== undefined) return run.now + 1000 * (await evaluateCount(seconds, 'Seconds', scope));
  const value = await evaluateAs('string', timestamp ?? '', 'Timestamp', scope);
  const text = typeof value === 'string' ? value : '';
  const time = OFFSET_DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw failedQuery(
    scope,
    'Timestamp',
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    true,
  );
}
