import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { claimSermon } from '../../../lambda/claim-sermon/claim.ts';
import { publish } from '../../../lambda/publish-sermon/publish.ts';
import type { SettleContext } from '../../../lambda/record-failure/settle-run.ts';
import { settleRun } from '../../../lambda/record-failure/settle-run.ts';
import { reconcileRuns, reconcileSlots, type Round } from '../../../lambda/reconcile/reconcile.ts';
import { changeSermon, readListing, readSermon } from '../../../lambda/shared/catalogue.ts';
import type { SermonRow } from '../../../lambda/shared/catalogue-rows.ts';
import { RUNNING } from '../../../lambda/shared/catalogue-rows.ts';
import type { Sermon } from '../../../lambda/shared/sermon.ts';
import { readSlots } from '../../../lambda/shared/slots.ts';
import { release } from '../../../lambda/shared/turns.ts';
import type { CatalogueTable } from '../../support/catalogue-table.ts';
import { startCatalogueTable } from '../../support/catalogue-table.ts';
import { DeclaredExecutions } from '../support/declared-executions.ts';
import { NOW, executionOf, preparedOf, publishingOf, sermonOf } from '../support/sermons.ts';

let service: CatalogueTable;
let context: SettleContext & { readonly executions: DeclaredExecutions };
let keys = 0;
beforeAll(async () => {
  service = await startCatalogueTable();
});
afterAll(() => service.stop());
beforeEach(() => {
  context = { catalogue: service.catalogue, executions: new DeclaredExecutions(), runSlots: 3 };
});

const round = (): Round => ({ now: NOW, hasTime: () => true, failures: [] });
const freshKey = (): string => `uploads/sermon ${(keys += 1)}.mp3`;
const arnOf = (sermon: Sermon): string => executionOf(sermon).arn;
const rowOf = (sermon: Sermon): Promise<SermonRow | undefined> => readSermon(service.catalogue, sermon.sermonId);
async function claimed(sermon: Sermon): Promise<Sermon> {
  context.executions.running(arnOf(sermon));
  await claimSermon({ ...context, leaseSeconds: 60, maxUploadBytes: 2_000_000 }, sermon, executionOf(sermon), NOW);
  return sermon;
}
async function published(sermon: Sermon): Promise<Sermon> {
  await claimed(sermon);
  await changeSermon(service.catalogue, sermon.sermonId, (row) => publish(row, preparedOf(sermon), publishingOf(sermon), NOW));
  await release(service.catalogue, 3, sermon.sermonId, arnOf(sermon));
  return sermon;
}

test('a failed run names its error, and gives back turn and slot', async () => {
  const sermon = await claimed(sermonOf({ key: freshKey() }));
  context.executions.ended(arnOf(sermon), { error: 'TooShortError', cause: JSON.stringify({ errorMessage: 'it lasts 0.3 s' }) });
  expect(await settleRun(context, arnOf(sermon), NOW)).toMatchObject({ end: 'failed', error: 'TooShortError' });
  const row = await rowOf(sermon);
  expect(row).toMatchObject({
    status: 'failed',
    listing: 'failed',
    latestRun: { status: 'failed', error: 'TooShortError', message: 'It lasts 0.3 s.' },
  });
  expect(row?.turn).toBeUndefined();
  expect((await readSlots(service.catalogue, 3)).every(({ holder }) => holder === undefined)).toBe(true);
});

test('a failure before the first claim is recorded too', async () => {
  const sermon = await claimed(sermonOf({ key: freshKey() }));
  await changeSermon(service.catalogue, sermon.sermonId, (row) => {
    const { latestRun: _none, ...rest } =
      row ??
      (() => {
        throw new Error('no row');
      })();
    return { row: rest, outcome: undefined };
  });
  context.executions.ended(arnOf(sermon), { status: 'ABORTED', name: executionOf(sermon).name });
  await settleRun(context, arnOf(sermon), NOW);
  expect(await rowOf(sermon)).toMatchObject({ status: 'failed', latestRun: { error: 'Aborted', executionName: executionOf(sermon).name } });
});

test('a re-upload that fails leaves the published version alone', async () => {
  const key = freshKey();
  const first = await published(sermonOf({ key, sequencer: '10' }));
  const second = await claimed(sermonOf({ key, sequencer: '20' }));
  context.executions.ended(arnOf(second), { error: 'UnreadableAudioError' });
  await settleRun(context, arnOf(second), NOW);
  expect(await rowOf(first)).toMatchObject({
    status: 'published',
    publishedVersion: first.version,
    latestRun: { version: second.version, status: 'failed' },
  });
});

test('a run that a redrive has set going again is left alone', async () => {
  const sermon = await claimed(sermonOf({ key: freshKey() }));
  expect(await settleRun(context, arnOf(sermon), NOW)).toEqual({ end: 'running' });
  expect(await rowOf(sermon)).toMatchObject({ latestRun: { status: 'running' }, turn: { executionArn: arnOf(sermon) } });
  await release(service.catalogue, 3, sermon.sermonId, arnOf(sermon));
});

test('a run that was superseded is no failure', async () => {
  const key = freshKey();
  const older = await claimed(sermonOf({ key, sequencer: '10' }));
  const newer = await claimed(sermonOf({ key, sequencer: '20' }));
  expect(await settleRun(context, arnOf(older), NOW)).toMatchObject({ end: 'superseded' });
  expect(await rowOf(newer)).toMatchObject({
    status: 'processing',
    latestRun: { version: newer.version, status: 'running' },
    turn: { executionArn: arnOf(newer) },
  });
  await release(service.catalogue, 3, newer.sermonId, arnOf(newer));
});

test('the reconciler finds a run whose end was never announced, even of a sermon that is published', async () => {
  const key = freshKey();
  await published(sermonOf({ key, sequencer: '10' }));
  const lost = await claimed(sermonOf({ key, sequencer: '20' }));
  context.executions.ended(arnOf(lost), { status: 'TIMED_OUT' });
  expect(await reconcileRuns(context, round())).toBeGreaterThan(0);
  expect(await rowOf(lost)).toMatchObject({ status: 'published', latestRun: { status: 'failed', error: 'States.Timeout' } });
  const { items } = await readListing(service.catalogue, RUNNING, { limit: 100 });
  expect(items.map(({ executionArn }) => executionArn)).not.toContain(arnOf(lost));
});

test('a run that cannot be asked about keeps the reconciler from none of the others', async () => {
  const [odd, lost] = [await claimed(sermonOf({ key: freshKey() })), await claimed(sermonOf({ key: freshKey() }))];
  context.executions.ended(arnOf(lost));
  const { executions } = context;
  const refusing = {
    describe: (arn: string) => (arn === arnOf(odd) ? Promise.reject(new Error('the name is not valid')) : executions.describe(arn)),
    stop: executions.stop.bind(executions),
  };
  const asked = round();
  await reconcileSlots({ ...context, executions: refusing }, asked);
  await reconcileRuns({ ...context, executions: refusing }, asked);
  expect(await rowOf(lost)).toMatchObject({ status: 'failed' });
  expect(asked.failures.map(({ message }) => message)).toEqual(['the name is not valid', 'the name is not valid']);
  await release(service.catalogue, 3, odd.sermonId, arnOf(odd));
});

test('the reconciler frees the slot of a run that has ended, and leaves the others', async () => {
  const [dead, alive] = [await claimed(sermonOf({ key: freshKey() })), await claimed(sermonOf({ key: freshKey() }))];
  context.executions.ended(arnOf(dead));
  expect(await reconcileSlots(context, round())).toBe(1);
  expect((await readSlots(service.catalogue, 3)).flatMap(({ holder }) => holder ?? [])).toEqual([arnOf(alive)]);
});
