import { paginateGetExecutionHistory, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';

/** What a run spent in one state of the workflow, all visits together. */
export interface StepFigures {
  /** Name of the state. */
  readonly step: string;
  readonly seconds: number;
  /** Attempts that failed, those included that a retry made good. */
  readonly failures: number;
  /** Attempts after the first of each visit. */
  readonly retries: number;
}

/** Reads a run's history and adds it up. Without payloads, so that even 25,000 events are a few megabytes. */
export async function readStepFigures(client: SFNClient, executionArn: string): Promise<readonly StepFigures[]> {
  const tally = new StepTally();
  for await (const { events = [] } of paginateGetExecutionHistory(
    { client, pageSize: 1000 },
    { executionArn, includeExecutionData: false },
  )) {
    for (const event of events) tally.add(event);
  }
  return tally.figures;
}

interface Visit {
  readonly step: string;
  readonly enteredAt: number;
  attempts: number;
}

/**
 * Adds up a history event by event. A redrive begins anew: what came before it was told when the run ended the first time.
 * Waits and tasks count; states that take no time do not.
 */
export class StepTally {
  /** By event: the visit that it belongs to. */
  readonly #visits = new Map<number, Visit>();
  readonly #figures = new Map<string, { seconds: number; failures: number; retries: number }>();

  get figures(): readonly StepFigures[] {
    return [...this.#figures].map(([step, figures]) => ({ step, ...figures }));
  }

  add({ id = 0, previousEventId = 0, type, timestamp, stateEnteredEventDetails: entered }: HistoryEvent): void {
    const time = timestamp?.getTime() ?? 0;
    if (type === 'ExecutionRedriven') this.#figures.clear();
    const visit =
      type === 'TaskStateEntered' || type === 'WaitStateEntered'
        ? { step: entered?.name ?? 'unknown', enteredAt: time, attempts: 0 }
        : this.#visits.get(previousEventId);
    if (visit === undefined) return;
    this.#visits.set(id, visit);
    const figures = this.#of(visit.step);
    if (isAttempt(type)) {
      visit.attempts += 1;
      if (visit.attempts > 1) figures.retries += 1;
    }
    if (isFailedAttempt(type)) figures.failures += 1;
    if (type?.endsWith('StateExited')) {
      figures.seconds += (time - visit.enteredAt) / 1000;
      // What follows belongs to the next state.
      this.#visits.delete(id);
    }
  }

  #of(step: string): { seconds: number; failures: number; retries: number } {
    const known = this.#figures.get(step) ?? { seconds: 0, failures: 0, retries: 0 };
    this.#figures.set(step, known);
    return known;
  }
}

// Optimised integrations with a function have events of their own.
const isAttempt = (type: HistoryEvent['type']): boolean => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled';

const isFailedAttempt = (type: HistoryEvent['type']): boolean =>
  /^(Task|LambdaFunction)(Failed|TimedOut|StartFailed|SubmitFailed|ScheduleFailed)$/.test(type ?? '');
