import { payload, type EventDetails, type EventType } from '../history/history-event.ts';
import type { Json } from '../json.ts';
import type { Failure } from '../state-failure.ts';
import type { ExecutionStatus } from './execution.ts';
import type { Run } from './run.ts';

/** How an execution ends. */
export interface Ending {
  /** @default 0: the end comes from outside */
  readonly previousEventId?: number;
  readonly failure?: Failure;
  readonly output?: Json;
}

const LAST_EVENTS: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, EventType>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
  TIMED_OUT: 'ExecutionTimedOut',
};

/** Writes the last event and the execution's end. */
export function finishExecution(
  run: Run,
  status: Exclude<ExecutionStatus, 'RUNNING'>,
  { previousEventId = 0, failure, output }: Ending,
): void {
  const { execution } = run;
  execution.status = status;
  execution.stoppedAt = run.now;
  delete execution.deadline;
  if (failure?.error !== undefined) execution.error = failure.error;
  if (failure?.cause !== undefined) execution.cause = failure.cause;
  if (output !== undefined) execution.output = JSON.stringify(output);
  const details: EventDetails = {
    ...(failure?.error !== undefined && { error: failure.error }),
    ...(failure?.cause !== undefined && { cause: failure.cause }),
    ...(execution.output !== undefined && payload('output', execution.output)),
  };
  run.appendAfter(previousEventId, LAST_EVENTS[status], Object.keys(details).length > 0 ? details : undefined);
  run.touchExecution();
  run.ready.length = 0;
}
