import type { Fallible } from '../definition/state-machine.ts';
import type { EventType } from '../history/history-event.ts';
import type { JsonObject } from '../json.ts';
import { StateFailedError, type Failure } from '../state-failure.ts';
import { finishExecution } from './finish-execution.ts';
import { leaveState } from './leave-state.ts';
import { delayMs, takes } from './retry.ts';
import type { Run } from './run.ts';
import type { Thread } from './thread.ts';

/** Retries or catches a state's failure, or lets it fail everything around. */
export async function failState(run: Run, thread: Thread, failed: StateFailedError): Promise<void> {
  const { failure, query } = failed;
  const state = run.stateOf(thread);
  if (query !== undefined) {
    // AWS evaluates a state's first fields as part of entering it.
    const isEntering = thread.lastEventId === thread.enteredEventId && query.afterEntry !== true;
    if (isEntering) thread.lastEventId = thread.beforeEntryEventId;
    run.append(thread, 'EvaluationFailed', { state: state.name, location: query.location, ...told(failure) });
  }
  const fallible: Fallible = 'retry' in state ? state : { retry: [], catch: [] };
  if (retryLater(run, thread, fallible, failure)) return;
  if (state.type === 'Map' || state.type === 'Parallel') run.append(thread, `${state.type}StateFailed`);
  const index = fallible.catch.findIndex(({ errorEquals }) => takes(errorEquals, failure));
  const catcher = fallible.catch[index];
  if (catcher === undefined) return failFlow(run, thread, failure);
  try {
    const errorOutput: JsonObject = {
      ...(failure.error !== undefined && { Error: failure.error }),
      ...(failure.cause !== undefined && { Cause: failure.cause }),
    };
    await leaveState(run, thread, { exit: catcher, output: errorOutput, moment: { errorOutput }, fieldPrefix: `Catch[${index}]/` });
    run.removeBelow(thread);
  } catch (error) {
    if (!(error instanceof StateFailedError)) throw error;
    run.append(thread, 'EvaluationFailed', {
      state: state.name,
      location: error.query?.location ?? `Catch[${index}]`,
      ...told(error.failure),
    });
    await failFlow(run, thread, error.failure);
  }
}

function retryLater(run: Run, thread: Thread, { retry }: Fallible, failure: Failure): boolean {
  const index = retry.findIndex(({ errorEquals }) => takes(errorEquals, failure));
  const retrier = retry[index];
  const used = thread.retries[index] ?? 0;
  if (retrier === undefined || used >= retrier.maxAttempts) return false;
  thread.retries = retry.map((_, place) => (thread.retries[place] ?? 0) + (place === index ? 1 : 0));
  const at = run.now + delayMs(retrier, used);
  thread.activity = { kind: 'retry', at };
  run.removeBelow(thread);
  run.touch(thread);
  run.notices.push({
    type: 'RetryScheduled',
    stateName: thread.state,
    enteredAt: thread.enteredAt,
    at: run.now,
    details: { retryAt: new Date(at).toISOString(), ...told(failure) },
  });
  return true;
}

/** Ends a thread's flow with a failure: the execution's, or the branch's and with it the state around. */
async function failFlow(run: Run, thread: Thread, failure: Failure): Promise<void> {
  thread.status = 'failed';
  thread.failure = failure;
  // What a Map had to do must be known when the execution is redriven.
  if (thread.activity.kind !== 'join') thread.activity = { kind: 'none' };
  run.touch(thread);
  const parent = run.parentOf(thread);
  if (parent === undefined) {
    finishExecution(run, 'FAILED', { previousEventId: thread.lastEventId, failure });
    return;
  }
  const last = thread.lastEventId;
  const around = run.stateOf(parent);
  if (around.type === 'Map') run.appendAfter(last, 'MapIterationFailed', { name: around.name, index: thread.index });
  for (const sibling of run.childrenOf(parent)) abortThread(run, sibling, last);
  parent.lastEventId = last;
  await failState(run, parent, new StateFailedError(failure));
}

const ABORTED_EVENTS: Readonly<Record<string, EventType>> = {
  Task: 'TaskStateAborted',
  Wait: 'WaitStateAborted',
  Parallel: 'ParallelStateAborted',
  Map: 'MapStateAborted',
};

/** Stops a thread that still runs, and those below it, because a sibling failed. */
function abortThread(run: Run, thread: Thread, previousEventId: number): void {
  if (thread.status !== 'running') return;
  for (const child of run.childrenOf(thread)) abortThread(run, child, previousEventId);
  const event = ABORTED_EVENTS[run.stateOf(thread).type];
  if (event !== undefined && thread.activity.kind !== 'enter') run.appendAfter(previousEventId, event);
  const parent = run.parentOf(thread);
  const around = parent === undefined ? undefined : run.stateOf(parent);
  if (around?.type === 'Map') run.appendAfter(previousEventId, 'MapIterationAborted', { name: around.name, index: thread.index });
  haltThread(run, thread);
}

/** Ends a thread without a word in the history, and stops its job. */
export function haltThread(run: Run, thread: Thread): void {
  const { activity } = thread;
  cancelJob(run, thread);
  thread.status = 'aborted';
  if (activity.kind !== 'join' && activity.kind !== 'enter') thread.activity = { kind: 'none' };
  run.touch(thread);
}

/** Asks the service to stop the job that a thread waits for, as well as it can. */
export function cancelJob(run: Run, thread: Thread): void {
  const { activity } = thread;
  if (activity.kind === 'task' && activity.jobId !== undefined) run.effects.push(run.services.canceller(run, thread, activity));
}

/** A failure's members in an event. */
export function told({ error, cause }: Failure): { readonly error?: string; readonly cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
