import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SermonRow } from './catalogue-rows.ts';
import { sermonKey } from './catalogue-rows.ts';
import { ServiceBusyError } from './errors.ts';
import type { RowUpdate } from './row-update.ts';
import { updateFor } from './row-update.ts';

/** The catalogue: one table, one row a sermon, slot, run and transcription job. Every write is one conditional write of one row. */
export interface Catalogue {
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
}

/** The index that lists rows by `listing`, sorted by `listedAt`. */
export const LISTING_INDEX = 'byListing';

/** A row as DynamoDB gives it. */
export type Item = Record<string, unknown>;

/** Tries of one change before the row counts as busy; each collision means that somebody else's change went through. */
const CHANGE_TRIES = 12;

/** The catalogue in a table. Pass a traced client. */
export const openCatalogue = (table: string, client: DynamoDBClient = new DynamoDBClient({})): Catalogue => ({
  documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
  table,
});

/** Reads one row, as it stands after every write that was confirmed. */
export async function readRow({ documents, table }: Catalogue, pk: string): Promise<Item | undefined> {
  const { Item: item } = await documents.send(new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }));
  return item;
}

/** Reads one sermon's row. */
export async function readSermon(catalogue: Catalogue, sermonId: string): Promise<SermonRow | undefined> {
  const item = await readRow(catalogue, sermonKey(sermonId));
  if (item === undefined) return undefined;
  if (!isSermonRow(item))
    throw new Error(`catalogue row ${sermonKey(sermonId)} is no sermon: it lacks sermonId or newestVersion; restore it`);
  return item;
}

/** Whether a row of the catalogue is a sermon's. */
export const isSermonRow = (item: Item): item is Item & SermonRow =>
  typeof item['sermonId'] === 'string' && typeof item['newestVersion'] === 'string' && item['pk'] === sermonKey(item['sermonId']);

/** What becomes of a sermon's row: the row as it shall be (none: it stays as it is), and what the caller wants to know. */
export interface Change<Outcome> {
  readonly row?: SermonRow;
  readonly outcome: Outcome;
}

/**
 * Changes a sermon's row by a pure function of what it is. Written as one conditional update, so that the outcome holds:
 * when somebody else changed the row in between, `change` is asked again with the new row.
 * @throws ServiceBusyError when others kept changing it
 */
export async function changeSermon<Outcome>(
  catalogue: Catalogue,
  sermonId: string,
  change: (row: SermonRow | undefined) => Change<Outcome>,
): Promise<Outcome> {
  for (let tries = 0; tries < CHANGE_TRIES; tries += 1) {
    const before = await readSermon(catalogue, sermonId);
    const { row: after, outcome } = change(before);
    if (after === undefined) return outcome;
    const update = updateFor(before, after);
    if (update === undefined || (await updateRow(catalogue, sermonKey(sermonId), update))) return outcome;
  }
  throw new ServiceBusyError(
    `the catalogue row of sermon ${sermonId} was changed ${CHANGE_TRIES} times by others while one change was tried`,
  );
}

/** Updates one row. False when the condition does not hold. */
export async function updateRow(
  { documents, table }: Catalogue,
  pk: string,
  { update, condition, names, values }: RowUpdate,
): Promise<boolean> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk },
        UpdateExpression: update,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ...(names === undefined ? {} : { ExpressionAttributeNames: { ...names } }),
        ...(values === undefined ? {} : { ExpressionAttributeValues: { ...values } }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** A page of rows of one listing. */
export interface ListingPage {
  readonly items: readonly Item[];
  /** Where the next page starts; none after the last. */
  readonly next?: Item;
}

/** Reads one page of a listing. The index follows the table within moments: check what you decide by with `readRow`. */
export async function readListing(
  { documents, table }: Catalogue,
  listing: string,
  { limit, from, newestFirst = false }: { readonly limit: number; readonly from?: Item | undefined; readonly newestFirst?: boolean },
): Promise<ListingPage> {
  const { Items: items = [], LastEvaluatedKey: next } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: LISTING_INDEX,
      KeyConditionExpression: 'listing = :listing',
      ExpressionAttributeValues: { ':listing': listing },
      Limit: limit,
      ScanIndexForward: !newestFirst,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    }),
  );
  return next === undefined ? { items } : { items, next };
}
