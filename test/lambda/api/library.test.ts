import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LibraryPosition, listSermons, publishedRuns } from '../../../lambda/api/library.ts';
import { type CatalogueTable, startCatalogueTable } from '../../support/catalogue-table.ts';

let table: CatalogueTable;
beforeAll(async () => {
  table = await startCatalogueTable();
});
afterAll(() => table.stop());

const put = async (sermonId: string, more: Record<string, unknown>): Promise<void> => {
  const { catalogue } = table;
  const row = { pk: `sermon#${sermonId}`, sermonId, newestVersion: '01', title: sermonId, status: more['listing'], ...more };
  await catalogue.documents.send(new PutCommand({ TableName: catalogue.table, Item: row }));
};

test('pages over several listings give every sermon once, newest first, also those of one moment', async () => {
  await put('a', { listing: 'published', listedAt: '2026-11-01T00:00:00.000Z' });
  await put('b', { listing: 'processing', listedAt: '2026-11-03T00:00:00.000Z' });
  for (const id of ['c', 'd', 'e']) await put(id, { listing: id === 'd' ? 'failed' : 'published', listedAt: '2026-11-02T00:00:00.000Z' });
  await put('f', { listing: 'removed', listedAt: '2026-11-09T00:00:00.000Z' });
  const seen: string[] = [];
  let after: LibraryPosition | undefined;
  do {
    const page: LibraryPosition[] = await listSermons(table.catalogue, ['published', 'processing', 'failed'], after, 2);
    seen.push(...page.map(({ sermonId }) => sermonId));
    after = page.at(-1);
  } while (after !== undefined);
  expect(seen).toEqual(['b', 'c', 'd', 'e', 'a']);
});

test('only published runs are known to search, however many are asked for', async () => {
  for (let index = 0; index < 120; index += 1)
    await put(`s${index}`, { listing: 'published', listedAt: '2026-10-01T00:00:00.000Z', publishedVersion: '02', publishedRevision: 1 });
  await put('removed', { listing: 'removed', listedAt: '2026-10-01T00:00:00.000Z', publishedVersion: '02', publishedRevision: 1 });
  const runs = await publishedRuns(table.catalogue, [...Array.from({ length: 120 }, (_, index) => `s${index}`), 'removed', 'a', 'unknown']);
  expect(runs.size).toBe(120);
  expect(runs.get('s7')).toEqual({ version: '02', revision: 1, title: 's7' });
});
