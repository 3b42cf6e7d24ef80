import { readListing } from '../shared/catalogue.ts';
import { RUNNING } from '../shared/catalogue-rows.ts';
import { type LogFields, logger, withLogFields } from '../shared/observability.ts';
import { isRunRow, seeRun } from '../shared/run-rows.ts';
import { freeSlot, readSlots } from '../shared/slots.ts';
import { listOpenTranscriptions, settleTranscription, type TranscriptionPorts } from '../shared/transcriptions.ts';
import type { SettleContext } from '../record-failure/settle-run.ts';
import { settleRun } from '../record-failure/settle-run.ts';

/**
 * Runs asked about in one reconciliation. Step Functions allows some hundred DescribeExecution at once and then ten a
 * second; whoever takes them all leaves none to the claims.
 */
const MOST_RUNS = 200;

/** Step Functions tells of a new execution within moments; one that it does not know after this long does not exist. */
const UNKNOWN_AFTER_MILLISECONDS = 10 * 60_000;

/** One reconciliation. */
export interface Round {
  readonly now: Date;
  /** False when it is time to end; the next round goes on with the others. */
  readonly hasTime: () => boolean;
  /** What could not be asked, to be thrown when all else has been. */
  readonly failures: Error[];
}

/** Asks Transcribe about every job whose answer a run still waits for. Returns how many were answered. */
export async function reconcileTranscriptions(ports: TranscriptionPorts, round: Round): Promise<number> {
  const open = await listOpenTranscriptions(ports);
  return askEach(
    open,
    round,
    ({ sermonId, executionArn, jobName }) => ({ sermonId, execution: nameIn(executionArn), jobName }),
    async ({ jobName }) => (await settleTranscription(jobName, ports)).outcome === 'answered',
  );
}

/**
 * Asks about the runs that the catalogue believes to be running, the longest unseen first, and settles those that have
 * ended: status events are best effort.
 */
export async function reconcileRuns(context: SettleContext, round: Round): Promise<number> {
  const { items } = await readListing(context.catalogue, RUNNING, { limit: MOST_RUNS });
  return askEach(
    items.filter(isRunRow),
    round,
    ({ sermonId, executionArn }) => ({ sermonId, execution: nameIn(executionArn) }),
    async ({ executionArn, listedAt = '' }) => {
      const state = await context.executions.describe(executionArn);
      const isUnknown = state.ended && state.status === 'GONE' && round.now.getTime() - Date.parse(listedAt) < UNKNOWN_AFTER_MILLISECONDS;
      if (isUnknown) return false;
      if (state.ended) await settleRun(context, executionArn, round.now);
      else await seeRun(context.catalogue, executionArn, round.now);
      return state.ended;
    },
  );
}

/** Frees the slots of runs that have ended: the last resort, should a run have no row of its own any more. */
export async function reconcileSlots({ catalogue, executions, runSlots }: SettleContext, round: Round): Promise<number> {
  const held = (await readSlots(catalogue, runSlots)).flatMap(({ index, holder }) => (holder === undefined ? [] : { index, holder }));
  return askEach(
    held,
    round,
    ({ holder }) => ({ execution: nameIn(holder) }),
    async ({ index, holder }) => (await executions.describe(holder)).ended && freeSlot(catalogue, index, holder),
  );
}

/** Asks one question after the other; one that fails keeps none of the others from being asked. Returns how many made something good. */
async function askEach<Item>(
  items: readonly Item[],
  { hasTime, failures }: Round,
  fieldsOf: (item: Item) => LogFields,
  ask: (item: Item) => Promise<boolean>,
): Promise<number> {
  let made = 0;
  for (const item of items) {
    if (!hasTime()) break;
    await withLogFields(fieldsOf(item), async () => {
      try {
        if (!(await ask(item))) return;
        made += 1;
        logger.info('made good what was not announced');
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        logger.error('not reconciled', failure);
        failures.push(failure);
      }
    });
  }
  return made;
}

const nameIn = (executionArn: string): string => executionArn.split(':').at(-1) ?? executionArn;
