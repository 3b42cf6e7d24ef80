import type { Catalogue, Item } from './catalogue.ts';
import { readRow, updateRow } from './catalogue.ts';
import type { RunRow } from './catalogue-rows.ts';
import { RUNNING, runKey } from './catalogue-rows.ts';
import type { RunIdentity } from './storage-keys.ts';

const DAY_SECONDS = 86_400;

/** The workflow ends by itself after 30 days, and every claim and every reconciliation renews the row. */
const OPEN_DAYS = 45;

/** After its end a run's row is of no use; two weeks, as long as a redrive is possible, help whoever debugs. */
const CLOSED_DAYS = 14;

/**
 * Notes that a run is under way, so that the reconciler finds it should its end never be announced. A row of its own:
 * a published sermon that is made anew stays listed as published and would not be found.
 */
export async function openRun(
  catalogue: Catalogue,
  executionArn: string,
  { sermonId, version, revision }: RunIdentity,
  now: Date,
): Promise<void> {
  await updateRow(catalogue, runKey(executionArn), {
    update:
      'SET executionArn = :executionArn, sermonId = :sermonId, version = :version, revision = :revision, listing = :running, listedAt = :now, expiresAt = :expiresAt',
    values: {
      ':executionArn': executionArn,
      ':sermonId': sermonId,
      ':version': version,
      ':revision': revision,
      ':running': RUNNING,
      ':now': now.toISOString(),
      ':expiresAt': secondsAfter(now, OPEN_DAYS),
    },
  });
}

/** Notes that an open run is still running: it moves to the end of the reconciler's list. */
export async function seeRun(catalogue: Catalogue, executionArn: string, now: Date): Promise<void> {
  await updateRow(catalogue, runKey(executionArn), {
    update: 'SET listedAt = :now, expiresAt = :expiresAt',
    condition: 'listing = :running',
    values: { ':now': now.toISOString(), ':expiresAt': secondsAfter(now, OPEN_DAYS), ':running': RUNNING },
  });
}

/** Notes that a run's end has been dealt with. */
export async function closeRun(catalogue: Catalogue, executionArn: string, now: Date): Promise<void> {
  await updateRow(catalogue, runKey(executionArn), {
    update: 'SET expiresAt = :expiresAt REMOVE listing, listedAt',
    condition: 'attribute_exists(pk)',
    values: { ':expiresAt': secondsAfter(now, CLOSED_DAYS) },
  });
}

/** Reads a run's row. */
export async function readRun(catalogue: Catalogue, executionArn: string): Promise<RunRow | undefined> {
  const item = await readRow(catalogue, runKey(executionArn));
  return item !== undefined && isRunRow(item) ? item : undefined;
}

/** Whether a row of the catalogue is a run's. */
export const isRunRow = (item: Item): item is Item & RunRow =>
  typeof item['executionArn'] === 'string' &&
  typeof item['sermonId'] === 'string' &&
  typeof item['version'] === 'string' &&
  typeof item['revision'] === 'number';

const secondsAfter = (now: Date, days: number): number => Math.floor(now.getTime() / 1000) + days * DAY_SECONDS;
