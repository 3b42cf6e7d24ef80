import type { Execution } from './engine/execution.ts';

// An execution can be redriven for 14 days after it ended, while its history has room (Step Functions documentation).
const REDRIVABLE_MS = 14 * 24 * 60 * 60 * 1000;
const MOST_EVENTS_TO_REDRIVE = 24_999;

/** Whether an execution can be redriven, and if not, why, in AWS's words. */
export interface RedriveStanding {
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly redriveStatusReason?: string;
}

/** What RedriveExecution would answer now. */
export function redriveStanding({ status, stoppedAt = 0 }: Execution, lastEventId: number): RedriveStanding {
  const reason = whyNot(status, Date.now() - stoppedAt, lastEventId);
  return reason === undefined ? { redriveStatus: 'REDRIVABLE' } : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
}

function whyNot(status: Execution['status'], sinceMs: number, lastEventId: number): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (sinceMs > REDRIVABLE_MS) return 'Execution exceeded the redrivable period of 14 days and cannot be redriven';
  if (lastEventId >= MOST_EVENTS_TO_REDRIVE) return 'Execution history event limit exceeded and cannot be redriven';
  return undefined;
}
