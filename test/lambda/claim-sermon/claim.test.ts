import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ClaimAnswer, ClaimContext } from '../../../lambda/claim-sermon/claim.ts';
import { claimSermon } from '../../../lambda/claim-sermon/claim.ts';
import { noteUpload } from '../../../lambda/start-run/note-upload.ts';
import { changeSermon, readSermon } from '../../../lambda/shared/catalogue.ts';
import type { Sermon } from '../../../lambda/shared/sermon.ts';
import { freeSlots, readSlots, takeSlot } from '../../../lambda/shared/slots.ts';
import { release } from '../../../lambda/shared/turns.ts';
import type { CatalogueTable } from '../../support/catalogue-table.ts';
import { startCatalogueTable } from '../../support/catalogue-table.ts';
import { DeclaredExecutions } from '../support/declared-executions.ts';
import { NOW, executionOf, sermonOf } from '../support/sermons.ts';

let service: CatalogueTable;
let context: ClaimContext & { readonly executions: DeclaredExecutions };
let keys = 0;

beforeAll(async () => {
  service = await startCatalogueTable();
});
afterAll(() => service.stop());
beforeEach(async () => {
  context = {
    catalogue: service.catalogue,
    executions: new DeclaredExecutions(),
    runSlots: 2,
    leaseSeconds: 3600,
    maxUploadBytes: 2_000_000,
  };
  for (const { holder } of await readSlots(service.catalogue, 2)) if (holder !== undefined) await freeSlots(service.catalogue, 2, holder);
});

/** A key that no other test has. */
const freshKey = (): string => `uploads/sermon ${(keys += 1)}.mp3`;
const upload = (sermon: Sermon): Promise<void> =>
  changeSermon(service.catalogue, sermon.sermonId, (row) =>
    noteUpload(row, { sermon, executionName: executionOf(sermon).name, uploadedAt: NOW.toISOString() }),
  );
const claim = (sermon: Sermon): Promise<ClaimAnswer> => {
  context.executions.running(executionOf(sermon).arn);
  return claimSermon(context, sermon, executionOf(sermon), NOW);
};

test('a claimed sermon knows where its source is pinned, with the extension that services look at', async () => {
  const { outcome, sermon } = await claim(sermonOf({ key: `${freshKey()}.WAV` }));
  expect(outcome).toBe('claimed');
  expect(sermon).toHaveProperty('sourceKey', `work/${sermon.sermonId}/${sermon.version}/0/source.wav`);
});

test('a run that claims twice has one turn and one slot', async () => {
  const sermon = sermonOf({ key: freshKey() });
  expect((await claim(sermon)).outcome).toBe('claimed');
  expect((await claim(sermon)).outcome).toBe('claimed');
  expect((await readSlots(service.catalogue, 2)).filter(({ holder }) => holder !== undefined)).toHaveLength(1);
});

test('of many runs that claim at once, exactly as many work as there are slots', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => claim(sermonOf({ key: freshKey() }))));
  expect(answers.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(2);
  expect(answers.filter(({ outcome }) => outcome === 'waiting')).toHaveLength(6);
});

test('a run ends as superseded once a newer upload was seen, and gives back what it had', async () => {
  const key = freshKey();
  const older = sermonOf({ key, sequencer: '10' });
  await upload(older);
  await claim(older);
  await upload(sermonOf({ key, sequencer: '20' }));
  expect((await claim(older)).outcome).toBe('superseded');
  expect((await readSermon(service.catalogue, older.sermonId))?.turn).toBeUndefined();
  expect((await readSlots(service.catalogue, 2)).every(({ holder }) => holder === undefined)).toBe(true);
});

test('a newer run stops the older one and takes its turn', async () => {
  const key = freshKey();
  const [older, newer] = [sermonOf({ key, sequencer: '10' }), sermonOf({ key, sequencer: '20' })];
  await claim(older);
  expect((await claim(newer)).outcome).toBe('claimed');
  expect(context.executions.stopped).toEqual([executionOf(older).arn]);
  expect((await readSermon(service.catalogue, newer.sermonId))?.turn?.executionArn).toBe(executionOf(newer).arn);
});

test('a newer run waits while the older one is still ending', async () => {
  const key = freshKey();
  const [older, newer] = [sermonOf({ key, sequencer: '10' }), sermonOf({ key, sequencer: '20' })];
  await claim(older);
  context.executions.stop = async () => {};
  expect((await claim(newer)).outcome).toBe('waiting');
  context.executions.ended(executionOf(older).arn);
  expect((await claim(newer)).outcome).toBe('claimed');
});

test('a run that died without giving back its slot does not block others', async () => {
  for (const sequencer of ['1', '2']) {
    const dead = sermonOf({ key: freshKey(), sequencer });
    await claim(dead);
    context.executions.ended(executionOf(dead).arn);
  }
  expect((await claim(sermonOf({ key: freshKey() }))).outcome).toBe('claimed');
});

test('a slot whose lease is over can be taken', async () => {
  const request = { slots: 1, leaseSeconds: 60, reprocessing: false };
  expect(await takeSlot(service.catalogue, { ...request, executionArn: 'a', now: NOW })).toBe(true);
  expect(await takeSlot(service.catalogue, { ...request, executionArn: 'b', now: new Date(NOW.getTime() + 30_000) })).toBe(false);
  expect(await takeSlot(service.catalogue, { ...request, executionArn: 'b', now: new Date(NOW.getTime() + 90_000) })).toBe(true);
});

test('a fresh run of an old version leaves the last slot to new uploads', async () => {
  await claim(sermonOf({ key: freshKey() }));
  expect((await claim(sermonOf({ key: freshKey(), revision: 1 }))).outcome).toBe('waiting');
  expect((await claim(sermonOf({ key: freshKey() }))).outcome).toBe('claimed');
});

test('empty and oversized uploads are refused by name and stop nobody', async () => {
  const key = freshKey();
  await claim(sermonOf({ key, sequencer: '10' }));
  await expect(claim(sermonOf({ key, sequencer: '20', sizeBytes: 0 }))).rejects.toMatchObject({ name: 'EmptyUploadError' });
  await expect(claim(sermonOf({ key, sequencer: '30', sizeBytes: 2_000_001 }))).rejects.toMatchObject({ name: 'TooLargeError' });
  expect(context.executions.stopped).toEqual([]);
  expect((await readSermon(service.catalogue, sermonOf({ key }).sermonId))?.latestRun?.version).toBe(sermonOf({ sequencer: '30' }).version);
});

test('giving back frees only what the run still has', async () => {
  const [mine, other] = [sermonOf({ key: freshKey() }), sermonOf({ key: freshKey() })];
  await claim(mine);
  await claim(other);
  await release(service.catalogue, 2, mine.sermonId, executionOf(mine).arn);
  await release(service.catalogue, 2, other.sermonId, executionOf(mine).arn);
  expect((await readSermon(service.catalogue, other.sermonId))?.turn?.executionArn).toBe(executionOf(other).arn);
  expect((await readSlots(service.catalogue, 2)).map(({ holder }) => holder).filter(Boolean)).toEqual([executionOf(other).arn]);
});
