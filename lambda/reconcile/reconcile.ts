import type { Item, ListingPage } from '../shared/catalogue.ts';
import { readListing } from '../shared/catalogue.ts';
import { RUNNING } from '../shared/catalogue-rows.ts';
import { isRunRow, seeRun } from '../shared/run-rows.ts';
import { freeSlot, readSlots } from '../shared/slots.ts';
import type { SettleContext } from '../record-failure/settle-run.ts';
import { settleRun } from '../record-failure/settle-run.ts';

/** Runs read at once. */
const PAGE_ROWS = 100;

/** Step Functions tells of a new execution within moments; one that it does not know after this long does not exist. */
const UNKNOWN_AFTER_MILLISECONDS = 10 * 60_000;

/**
 * Asks about every run that the catalogue believes to be running, the longest unseen first, and settles those that have
 * ended: status events are best effort. Stops when `hasTime` says so; the next reconciliation goes on with the others.
 */
export async function reconcileRuns(context: SettleContext, now: Date, hasTime: () => boolean): Promise<number> {
  let settled = 0;
  const open: Item[] = [];
  // Read first, then ask: a run that was seen moves to the end of the list, and the list would never end.
  let from: Item | undefined;
  do {
    const page: ListingPage = await readListing(context.catalogue, RUNNING, { limit: PAGE_ROWS, from });
    open.push(...page.items);
    from = page.next;
  } while (from !== undefined && hasTime());

  for (const run of open.filter(isRunRow)) {
    if (!hasTime()) break;
    const state = await context.executions.describe(run.executionArn);
    const unknown = state.ended && state.status === 'GONE' && now.getTime() - Date.parse(run.listedAt ?? '') < UNKNOWN_AFTER_MILLISECONDS;
    if (unknown) continue;
    if (state.ended) {
      await settleRun(context, run.executionArn, now);
      settled += 1;
    } else {
      await seeRun(context.catalogue, run.executionArn, now);
    }
  }
  return settled;
}

/** Frees the slots of runs that have ended: the last resort, should a run have no row of its own any more. */
export async function reconcileSlots({ catalogue, executions, runSlots }: SettleContext): Promise<number> {
  let freed = 0;
  for (const { index, holder } of await readSlots(catalogue, runSlots)) {
    if (holder === undefined || !(await executions.describe(holder)).ended) continue;
    if (await freeSlot(catalogue, index, holder)) freed += 1;
  }
  return freed;
}
