import type { Change } from '../shared/catalogue.ts';
import type { SermonRow } from '../shared/catalogue-rows.ts';
import type { RunCost } from '../shared/cost.ts';
import type { Execution } from '../shared/observability.ts';
import type { Packaged, PreparedSermon } from '../shared/sermon.ts';
import { isNewer } from '../shared/turns.ts';

/** Whether listeners now hear this run's files, or those of a newer one. */
export type Publication = 'published' | 'superseded';

/** The run that asks to be published, and what it cost. */
export interface PublishingRun {
  readonly execution: Execution;
  readonly cost: RunCost;
}

/**
 * Points listeners at this run's files, unless a newer version or run is published already. Repeating it changes nothing
 * but what the first try left out. The time of the first publication stays, so that lists and feeds do not jump.
 */
export function publish(row: SermonRow | undefined, sermon: PreparedSermon & Packaged, run: PublishingRun, now: Date): Change<Publication> {
  if (row === undefined)
    throw new Error(`catalogue row of sermon ${sermon.sermonId} has vanished during its run; upload the recording again`);
  const { publishedVersion, publishedRevision = 0 } = row;
  if (publishedVersion !== undefined && isNewer({ version: publishedVersion, revision: publishedRevision }, sermon)) {
    return { row: withRun(row, run, 'superseded'), outcome: 'superseded' };
  }
  const publishedAt = row.publishedAt ?? now.toISOString();
  const { preacher: _was, date: _old, language: _spoken, ...kept } = withRun(row, run, 'succeeded');
  return {
    outcome: 'published',
    row: {
      ...kept,
      status: 'published',
      listing: 'published',
      listedAt: publishedAt,
      publishedAt,
      publishedVersion: sermon.version,
      publishedRevision: sermon.revision,
      durationSeconds: sermon.stream.durationSeconds,
      ...sermon.tags,
      ...spoken(sermon.transcript),
    },
  };
}

const spoken = (transcript: PreparedSermon['transcript']): Pick<SermonRow, 'hasSpeech' | 'language'> =>
  transcript.hasSpeech ? { hasSpeech: true, language: transcript.language } : { hasSpeech: false };

/** Notes how the run ended, if the row still names it; error and message of an earlier try go. */
function withRun(row: SermonRow, { execution, cost }: PublishingRun, status: 'succeeded' | 'superseded'): SermonRow {
  const { latestRun } = row;
  if (latestRun?.executionArn !== execution.arn) return row;
  const { error: _error, message: _message, ...run } = latestRun;
  return { ...row, latestRun: { ...run, status, cost } };
}
