import { changeSermon } from '../shared/catalogue.ts';
import type { Catalogue } from '../shared/catalogue.ts';
import type { Executions, ExecutionState } from '../shared/executions.ts';
import { SUPERSEDED } from '../shared/executions.ts';
import { closeRun, readRun } from '../shared/run-rows.ts';
import { freeSlots } from '../shared/slots.ts';
import type { RunIdentity } from '../shared/storage-keys.ts';
import { release } from '../shared/turns.ts';
import { namedFailure } from './failure-sentence.ts';
import type { EndedRun } from './note-end.ts';
import { noteFailure, noteSuperseded } from './note-end.ts';

/** What settling works with. */
export interface SettleContext {
  readonly catalogue: Catalogue;
  readonly executions: Executions;
  readonly runSlots: number;
}

/** What was found: still running (a redrive may have overtaken the news of its end), or how it ended. */
export interface Settlement {
  readonly end: 'running' | 'succeeded' | 'superseded' | 'failed';
  readonly error?: string;
}

/**
 * Deals with a run's end as Step Functions tells it now: gives back turn and slot, and notes a failure on the sermon's row.
 * May be repeated, and does nothing while the run is running.
 */
export async function settleRun({ catalogue, executions, runSlots }: SettleContext, executionArn: string, now: Date): Promise<Settlement> {
  const state = await executions.describe(executionArn);
  if (!state.ended) return { end: 'running' };
  const run = (await readRun(catalogue, executionArn)) ?? identityIn(state.input);
  if (run === undefined) {
    await freeSlots(catalogue, runSlots, executionArn);
    return { end: state.status === 'SUCCEEDED' ? 'succeeded' : 'failed' };
  }
  const { sermonId, version, revision } = run;
  const executionName = state.name ?? executionArn.split(':').at(-1) ?? executionArn;
  const settlement = await noteEnd(catalogue, sermonId, { version, revision, executionName, executionArn }, state, now);
  await release(catalogue, runSlots, sermonId, executionArn);
  // Last, so that a crash before this line leaves the run to the reconciler.
  await closeRun(catalogue, executionArn, now);
  return settlement;
}

type EndedState = Extract<ExecutionState, { readonly ended: true }>;

async function noteEnd(catalogue: Catalogue, sermonId: string, run: EndedRun, state: EndedState, now: Date): Promise<Settlement> {
  if (state.status === 'SUCCEEDED' || state.error === SUPERSEDED) {
    await changeSermon(catalogue, sermonId, (row) => noteSuperseded(row, run.executionArn));
    return { end: state.status === 'SUCCEEDED' ? 'succeeded' : 'superseded' };
  }
  const { status, error, cause } = state;
  const failure = namedFailure({ status, error, cause });
  await changeSermon(catalogue, sermonId, (row) => noteFailure(row, run, failure, now));
  return { end: 'failed', error: failure.error };
}

/** Whose run it is, by the execution's input; undefined where that is none of ours. */
export function identityIn(input: string | undefined): RunIdentity | undefined {
  const sermon: unknown = input === undefined ? undefined : JSON.parse(input);
  if (typeof sermon !== 'object' || sermon === null) return undefined;
  const { sermonId, version, revision }: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(sermon));
  return typeof sermonId === 'string' && typeof version === 'string' && typeof revision === 'number'
    ? { sermonId, version, revision }
    : undefined;
}
