import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import { settingsFor } from '../../lib/settings.ts';
import { record } from '../media/recordings.ts';
import { eventually } from '../support/account.ts';
import { observedAssembly } from '../support/observed-assembly.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { eventsIn, WatchedCloud } from '../support/watched-run.ts';

const { runSlots } = settingsFor('local');
const announced = new Map<string, string[]>();
let cloud: WatchedCloud;

beforeAll(async () => {
  cloud = await WatchedCloud.start(await observedAssembly({ holdUploads: true }), join(tempFolder(), 'state'));
}, 120_000);

/** A recording of so many seconds: its length tells which upload listeners hear. */
const silence = (seconds: number): string =>
  record(`${seconds}-seconds.mp3`, '-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-t', String(seconds));

/** Uploads a recording, and keeps its event from Pulpit until the test delivers it. */
async function upload(key: string, seconds: number): Promise<{ readonly versionId: string; readonly event: string }> {
  const versionId = await cloud.upload(key, silence(seconds));
  return { versionId, event: await cloud.nextUploadEvent() };
}

/** Versions of a sermon that were announced. */
async function announcementsOf(key: string): Promise<readonly string[]> {
  for (const { 'detail-type': type, detail } of await cloud.announcements()) {
    expect(type).toBe('SermonPublished');
    announced.set(detail.sermonId, [...(announced.get(detail.sermonId) ?? []), detail.version]);
  }
  return announced.get(sermonIdFor(key)) ?? [];
}

const runsOf = async (key: string) => (await cloud.executions()).filter(({ source }) => source.key === key);

const allDelivered = (): Promise<true> => eventually(async () => ((await cloud.waitingUploads()) === 0 ? true : undefined));

/** Resolves once neither a turn nor a slot is taken: the end of a run that was stopped is settled a moment after it. */
async function allGivenBack(...keys: readonly string[]): Promise<void> {
  const rows = [...keys.map((key) => `sermon#${sermonIdFor(key)}`), ...Array.from({ length: runSlots }, (_, slot) => `slot#${slot}`)];
  for (const pk of rows) {
    await eventually(async () => {
      const { turn, holder } = await cloud.row(pk);
      return turn === undefined && holder === undefined ? true : undefined;
    });
  }
}

test('however often an event is delivered, it starts one run and one publication', async () => {
  const key = 'uploads/often.mp3';
  const { versionId, event } = await upload(key, 1);
  await Promise.all([cloud.deliver(event), cloud.deliver(event), cloud.deliver(event)]);
  expect(await cloud.endOf(versionId)).toBe('ExecutionSucceeded');
  await cloud.deliver(event);
  await allDelivered();
  expect(await runsOf(key)).toHaveLength(1);
  expect(await announcementsOf(key)).toHaveLength(1);
  await allGivenBack(key);
}, 120_000);

test('an older upload whose event comes late never replaces a newer one', async () => {
  const key = 'uploads/late.mp3';
  const older = await upload(key, 1);
  const newer = await upload(key, 2);
  await cloud.deliver(newer.event);
  expect(await cloud.endOf(newer.versionId)).toBe('ExecutionSucceeded');
  await cloud.deliver(older.event);
  expect(await cloud.endOf(older.versionId)).toBe('ExecutionSucceeded');
  await cloud.enters(older.versionId, 'Superseded');
  expect((await cloud.sermon(key)).durationSeconds).toBeCloseTo(2, 0);
  expect(await announcementsOf(key)).toHaveLength(1);
  const { latestRun, newestVersion, publishedVersion } = await cloud.row(`sermon#${sermonIdFor(key)}`);
  expect(latestRun).toMatchObject({ version: newestVersion, status: 'succeeded' });
  expect(publishedVersion).toBe(newestVersion);
  await allGivenBack(key);
}, 120_000);

test.each([
  ['in their order', [0, 1, 2]],
  ['the last one first', [2, 0, 1]],
])(
  'three uploads in quick succession, their events %s, publish the last, once',
  async (how, order) => {
    const key = `uploads/thrice ${how}.mp3`;
    const uploads = [await upload(key, 1), await upload(key, 2), await upload(key, 3)];
    for (const place of order) await cloud.deliver(uploads[place]?.event ?? '');
    await Promise.all(uploads.map(({ versionId }) => cloud.endOf(versionId)));
    expect((await cloud.sermon(key)).durationSeconds).toBeCloseTo(3, 0);
    expect(await announcementsOf(key)).toHaveLength(1);
    await allGivenBack(key);
    for (const { source, status, error } of await runsOf(key)) {
      expect({ status, error }).toEqual(
        source.versionId !== uploads[2]?.versionId && status === 'ABORTED'
          ? { status: 'ABORTED', error: 'Superseded' }
          : { status: 'SUCCEEDED', error: undefined },
      );
    }
    expect(await cloud.row(`sermon#${sermonIdFor(key)}`)).toMatchObject({ status: 'published', latestRun: { status: 'succeeded' } });
  },
  120_000,
);

test('listeners hear the published version until the newest is whole; the one in between is stopped and is no failure', async () => {
  const key = 'uploads/replaced.mp3';
  const first = await upload(key, 1);
  await cloud.deliver(first.event);
  await cloud.endOf(first.versionId);
  const second = await upload(key, 2);
  await cloud.deliver(second.event);
  await cloud.enters(second.versionId, 'Transcode to HLS');
  const third = await upload(key, 3);
  await cloud.deliver(third.event);

  const heard: number[] = [];
  const look = async (): Promise<void> => {
    const { status, stream = '', durationSeconds = 0 } = await cloud.sermon(key);
    expect(status).toBe('published');
    expect(await secondsOf(stream)).toBeCloseTo(durationSeconds, 1);
    heard.push(Math.round(durationSeconds));
  };
  for (const state of ['Claim the sermon', 'Transcode to HLS', 'Package stream', 'Publish sermon', 'Published']) {
    await cloud.enters(third.versionId, state);
    await look();
  }
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  expect(heard[0]).toBe(1);
  expect(heard.at(-1)).toBe(3);
  expect(heard).not.toContain(2);
  expect((await runsOf(key)).map(({ status, error }) => `${status} ${error ?? ''}`.trim()).toSorted()).toEqual([
    'ABORTED Superseded',
    'SUCCEEDED',
    'SUCCEEDED',
  ]);
  await allGivenBack(key);
  expect(await cloud.row(`sermon#${sermonIdFor(key)}`)).toMatchObject({ status: 'published', latestRun: { status: 'succeeded' } });
}, 180_000);

const get = async (path: string): Promise<string> => (await fetch(new URL(path, cloud.addresses.siteUrl))).text();

/** Length of a stream by the segments of its first rendition. */
async function secondsOf(stream: string): Promise<number> {
  const rendition = (await get(stream)).split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? '';
  const media = await get(join(stream, '..', rendition));
  return [...media.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

test('more recordings than run slots all go through, never more at a time than there are slots', async () => {
  const keys = Array.from({ length: runSlots + 2 }, (_, index) => `uploads/many-${index}.mp3`);
  const uploads = [];
  for (const key of keys) uploads.push(await upload(key, 1));
  const before = cloud.process.lines.length;
  await Promise.all(uploads.map(({ event }) => cloud.deliver(event)));
  const ends = await Promise.all(uploads.map(({ versionId }) => cloud.endOf(versionId)));
  expect(new Set(ends)).toEqual(new Set(['ExecutionSucceeded']));
  let working = 0;
  for (const { type, state } of eventsIn(cloud.process.lines.slice(before))) {
    // A slot is taken before the one state and given back in the other.
    if (type === 'TaskStateEntered' && state === 'Pin the source') working += 1;
    if (type === 'TaskStateEntered' && state === 'Publish sermon') working -= 1;
    expect(working).toBeLessThanOrEqual(runSlots);
  }
  await allGivenBack(...keys);
}, 180_000);
