import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { publish } from '../../../lambda/publish-sermon/publish.ts';
import { noteRun } from '../../../lambda/claim-sermon/note-run.ts';
import { costOf } from '../../../lambda/shared/cost.ts';
import { changeSermon, readListing, readSermon } from '../../../lambda/shared/catalogue.ts';
import type { Sermon } from '../../../lambda/shared/sermon.ts';
import type { CatalogueTable } from '../../support/catalogue-table.ts';
import { startCatalogueTable } from '../../support/catalogue-table.ts';
import { NOW, executionOf, preparedOf, publishingOf, sermonOf } from '../support/sermons.ts';

let service: CatalogueTable;
beforeAll(async () => {
  service = await startCatalogueTable();
});
afterAll(() => service.stop());

const begin = (sermon: Sermon): Promise<string> =>
  changeSermon(service.catalogue, sermon.sermonId, (row) => noteRun(row, sermon, executionOf(sermon), NOW));
const publishRun = (sermon: Sermon, now = NOW): Promise<string> =>
  changeSermon(service.catalogue, sermon.sermonId, (row) => publish(row, preparedOf(sermon), publishingOf(sermon), now));

test('a published sermon is listed with what the page shows', async () => {
  const sermon = sermonOf({ key: 'uploads/one.mp3' });
  await begin(sermon);
  expect(await publishRun(sermon)).toBe('published');
  const { items } = await readListing(service.catalogue, 'published', { limit: 10 });
  expect(items[0]).toMatchObject({
    sermonId: sermon.sermonId,
    title: 'He is risen',
    durationSeconds: 59.9,
    hasSpeech: true,
    latestRun: { status: 'succeeded', cost: costOf(preparedOf(sermon)) },
  });
});

test('publishing twice is one publication', async () => {
  const sermon = sermonOf({ key: 'uploads/two.mp3' });
  await begin(sermon);
  await publishRun(sermon);
  const row = await readSermon(service.catalogue, sermon.sermonId);
  expect(await publishRun(sermon, new Date(NOW.getTime() + 60_000))).toBe('published');
  expect(await readSermon(service.catalogue, sermon.sermonId)).toEqual(row);
});

test('an older run never overwrites a newer one, whichever comes last', async () => {
  const key = 'uploads/three.mp3';
  const runs = ['10', '20', '30'].map((sequencer) => sermonOf({ key, sequencer }));
  for (const run of runs) await begin(run);
  const outcomes = await Promise.all([...runs, ...runs].map((run) => publishRun(run)));
  expect(outcomes).toContain('published');
  expect(await readSermon(service.catalogue, sermonOf({ key }).sermonId)).toMatchObject({
    publishedVersion: runs[2]?.version,
    latestRun: { status: 'succeeded' },
  });
  expect(await publishRun(sermonOf({ key, sequencer: '20' }))).toBe('superseded');
});

test('a new version keeps the place in the list of the first publication', async () => {
  const key = 'uploads/four.mp3';
  const [first, second] = [sermonOf({ key, sequencer: '10' }), sermonOf({ key, sequencer: '20' })];
  await begin(first);
  await publishRun(first);
  await begin(second);
  await publishRun(second, new Date(NOW.getTime() + 86_400_000));
  expect(await readSermon(service.catalogue, first.sermonId)).toMatchObject({
    publishedVersion: second.version,
    publishedAt: NOW.toISOString(),
    listedAt: NOW.toISOString(),
  });
});
