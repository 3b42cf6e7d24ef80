import type { Change } from '../shared/catalogue.ts';
import type { SermonRow } from '../shared/catalogue-rows.ts';
import { sermonKey } from '../shared/catalogue-rows.ts';
import { titleFor } from '../shared/identity.ts';
import type { RequestedRun } from './upload-event.ts';

/**
 * Notes the newest version seen. A published sermon stays published while the newer upload is prepared; any other is
 * processing. An event that was delivered before, or an older one, changes nothing: its run starts all the same, and finds
 * out by itself whether it is the newest.
 */
export function noteUpload(row: SermonRow | undefined, { sermon, uploadedAt }: RequestedRun): Change<void> {
  if (row !== undefined && row.newestVersion >= sermon.version) return { outcome: undefined };
  if (row?.status === 'published') return { row: { ...row, newestVersion: sermon.version }, outcome: undefined };
  const { sermonId, version, source } = sermon;
  return {
    outcome: undefined,
    row: {
      title: titleFor(source.key),
      ...row,
      pk: sermonKey(sermonId),
      sermonId,
      uploadKey: source.key,
      newestVersion: version,
      status: 'processing',
      listing: 'processing',
      listedAt: uploadedAt,
    },
  };
}
