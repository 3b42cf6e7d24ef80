import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Catalogue, isSermonRow, type Item, LISTING_INDEX } from '../shared/catalogue.ts';
import { type SermonRow, sermonKey } from '../shared/catalogue-rows.ts';
import type { PublishedRuns } from './ranking.ts';

/** Where a page of the library begins: after the sermon listed at this time with this id. */
export interface LibraryPosition {
  readonly listedAt: string;
  readonly sermonId: string;
}

/** DynamoDB reads at most 100 rows in one BatchGetItem. */
const LARGEST_BATCH = 100;

/**
 * The next sermons of these listings, newest first. Each listing is a partition of its own, so each is asked, and the
 * answers are merged; sermons of the same moment are ordered by id, so that no page repeats or skips one.
 */
export async function listSermons(
  catalogue: Catalogue,
  listings: readonly string[],
  after: LibraryPosition | undefined,
  limit: number,
): Promise<SermonRow[]> {
  const rows = await Promise.all(listings.map((listing) => listOne(catalogue, listing, after, limit)));
  return rows.flat().toSorted(byPosition).slice(0, limit);
}

async function listOne(
  { documents, table }: Catalogue,
  listing: string,
  after: LibraryPosition | undefined,
  limit: number,
): Promise<SermonRow[]> {
  const rows: SermonRow[] = [];
  let from: Item | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: LISTING_INDEX,
        KeyConditionExpression: after === undefined ? 'listing = :listing' : 'listing = :listing AND listedAt <= :listedAt',
        ExpressionAttributeValues: { ':listing': listing, ...(after === undefined ? {} : { ':listedAt': after.listedAt }) },
        ScanIndexForward: false,
        Limit: limit + 1,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    rows.push(...(page.Items ?? []).filter(isSermonRow).filter((row) => after === undefined || byPosition(after, row) < 0));
    from = page.LastEvaluatedKey;
  } while (rows.length < limit && from !== undefined);
  return rows;
}

/** Newest first. */
function byPosition(a: LibraryPosition, b: LibraryPosition): number {
  if (a.listedAt !== b.listedAt) return a.listedAt < b.listedAt ? 1 : -1;
  if (a.sermonId === b.sermonId) return 0;
  return a.sermonId < b.sermonId ? -1 : 1;
}

/** Which of these sermons are published, and which run of each. */
export async function publishedRuns({ documents, table }: Catalogue, sermonIds: readonly string[]): Promise<PublishedRuns> {
  const runs = new Map<string, { version: string; revision: number; title: string }>();
  let keys = sermonIds.map((sermonId) => ({ pk: sermonKey(sermonId) }));
  while (keys.length > 0) {
    const batch = keys.slice(0, LARGEST_BATCH);
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({
        RequestItems: {
          [table]: {
            Keys: batch,
            ProjectionExpression: 'pk, sermonId, publishedVersion, publishedRevision, title, #status',
            ExpressionAttributeNames: { '#status': 'status' },
          },
        },
      }),
    );
    for (const { sermonId, publishedVersion, publishedRevision, title, status } of Responses?.[table] ?? []) {
      if (typeof publishedVersion === 'string' && typeof publishedRevision === 'number' && status !== 'removed') {
        runs.set(String(sermonId), { version: publishedVersion, revision: publishedRevision, title: String(title) });
      }
    }
    // Answers stop at 16 MB, or under throttling; what is left over comes back to be asked again.
    const left = (UnprocessedKeys?.[table]?.Keys ?? []).map(({ pk }) => ({ pk: String(pk) }));
    keys = [...left, ...keys.slice(LARGEST_BATCH)];
  }
  return runs;
}
