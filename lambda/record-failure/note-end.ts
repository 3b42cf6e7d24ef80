import type { Change } from '../shared/catalogue.ts';
import type { LatestRun, SermonRow } from '../shared/catalogue-rows.ts';
import type { NamedFailure } from './failure-sentence.ts';

/** A run that has ended, as a sermon's row names it. */
export type EndedRun = Pick<LatestRun, 'version' | 'revision' | 'executionName' | 'executionArn'>;

/**
 * Notes a run's failure, if the row names this run, or names no run of this upload yet (it failed before its first claim).
 * What is published stays published: a re-upload that fails leaves the earlier version alone. A newer upload that has been
 * seen meanwhile keeps the sermon processing.
 */
export function noteFailure(
  row: SermonRow | undefined,
  run: EndedRun,
  failure: NamedFailure,
  now: Date,
): Change<'noted' | 'not the latest'> {
  if (row === undefined || !isLatest(row, run)) return { outcome: 'not the latest' };
  const pending = row.publishedVersion !== undefined || row.newestVersion > run.version;
  const listed = pending || row.status === 'failed' ? {} : ({ status: 'failed', listing: 'failed', listedAt: now.toISOString() } as const);
  return { row: { ...row, ...listed, latestRun: { ...run, ...failure, status: 'failed' } }, outcome: 'noted' };
}

const isLatest = ({ latestRun, newestVersion }: SermonRow, run: EndedRun): boolean =>
  latestRun === undefined || latestRun.version < run.version ? newestVersion === run.version : latestRun.executionArn === run.executionArn;

/** Notes that a run ended because something newer took over, if the row still thinks that it is running. */
export function noteSuperseded(row: SermonRow | undefined, executionArn: string): Change<void> {
  if (row?.latestRun?.executionArn !== executionArn || row.latestRun.status !== 'running') return { outcome: undefined };
  return { row: { ...row, latestRun: { ...row.latestRun, status: 'superseded' } }, outcome: undefined };
}
