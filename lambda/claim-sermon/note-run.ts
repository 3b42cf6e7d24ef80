import type { Change } from '../shared/catalogue.ts';
import type { SermonRow } from '../shared/catalogue-rows.ts';
import { sermonKey } from '../shared/catalogue-rows.ts';
import { titleFor } from '../shared/identity.ts';
import type { Execution } from '../shared/observability.ts';
import type { Sermon } from '../shared/sermon.ts';
import { isNewer } from '../shared/turns.ts';

/**
 * Notes a run as the sermon's latest, or finds that a newer upload or a newer run of this one exists. From here on a
 * failure of the run has a row that names it. A row is made where there is none: an operator may start a run by hand.
 */
export function noteRun(row: SermonRow | undefined, sermon: Sermon, execution: Execution, now: Date): Change<'noted' | 'superseded'> {
  const { sermonId, version, revision, source } = sermon;
  if (row !== undefined && row.newestVersion > version) return { outcome: 'superseded' };
  const latest = row?.latestRun;
  if (latest !== undefined && latest.executionArn !== execution.arn && isNewer(latest, sermon)) return { outcome: 'superseded' };

  const listed = row?.status === 'published' ? {} : ({ status: 'processing', listing: 'processing' } as const);
  return {
    outcome: 'noted',
    row: {
      title: titleFor(source.key),
      status: 'processing',
      listing: 'processing',
      listedAt: now.toISOString(),
      ...row,
      ...listed,
      pk: sermonKey(sermonId),
      sermonId,
      uploadKey: source.key,
      newestVersion: version,
      latestRun: { version, revision, executionName: execution.name, executionArn: execution.arn, status: 'running' },
    },
  };
}
