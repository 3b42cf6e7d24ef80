import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { beforeAll, expect, test } from '@jest/globals';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import { settingsFor } from '../../lib/settings.ts';
import { statesOf } from '../lib/states.ts';
import { record, speak } from '../media/recordings.ts';
import { observedAssembly } from '../support/observed-assembly.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { eventsIn, startWatchedCloud, WatchedCloud, type WatchedEvent } from '../support/watched-run.ts';

const KEY = 'uploads/interrupted.wma';
// States that a recording with speech passes only when another run is in its way.
const NOT_PASSED = ['Wait for a turn', 'No speech', 'Superseded'];

/** What each process wrote before it was killed. */
const lives: (readonly WatchedEvent[])[] = [];
let cloud: WatchedCloud;
let history: readonly HistoryEvent[];

beforeAll(async () => {
  const assembly = await observedAssembly();
  const state = join(tempFolder(), 'state');
  // Transcribe does not read Windows Media, so that the run makes a speech copy.
  const recording = record('interrupted.wma', '-i', speak('And God said, let there be light. And there was light.'), '-c:a', 'wmav2');
  const first = await WatchedCloud.start(assembly, state);
  await first.upload(KEY, recording);
  // The upload is acknowledged, and nobody has had time for it.
  await first.stop();
  do {
    const dying = startWatchedCloud(assembly, state, 'dying');
    await dying.ended;
    lives.push(eventsIn(dying.lines));
    if (lives.at(-1)?.length === 0) throw new Error(`the local cloud ended by itself:\n${dying.lines.join('\n')}`);
  } while (!lives.at(-1)?.some(({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)));
  cloud = await WatchedCloud.start(assembly, state);
  history = await cloud.history(lives[0]?.[0]?.executionArn ?? '');
}, 300_000);

test('the processes were killed at the entry of every state that the run passes', () => {
  const definition = JSON.parse(readFileSync(resolve('statemachines/publish-sermon.asl.json'), 'utf8'));
  const passed = statesOf(definition)
    .map(({ name }) => name)
    .filter((name) => !NOT_PASSED.includes(name));
  const killedAt = lives.flat().flatMap(({ type, state }) => (type.endsWith('StateEntered') ? [state] : []));
  expect(new Set(killedAt)).toEqual(new Set(passed));
});

test('the run ends well, and listeners get the sermon', async () => {
  expect(history.at(-1)?.type).toBe('ExecutionSucceeded');
  const sermon = (await (await fetch(`${cloud.addresses.siteUrl}/v1/sermons/${sermonIdFor(KEY)}`)).json()) as {
    status: string;
    stream: string;
  };
  expect(sermon.status).toBe('published');
  expect((await fetch(new URL(sermon.stream, cloud.addresses.siteUrl))).status).toBe(200);
});

test('the history is whole: every event follows the last one, no state is entered twice, each that is entered is left', () => {
  expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
  const entered = history.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
  const left = history.flatMap(({ stateExitedEventDetails: details }) => details?.name ?? []);
  expect(entered).toEqual([...new Set(entered)]);
  expect(left.toSorted()).toEqual(entered.toSorted());
});

test('what a crash showed to nobody is not lost, and what it had shown is still there', () => {
  expect(
    lives
      .flat()
      .filter(({ type }) => type !== 'RetryScheduled')
      .map(({ type }) => type),
  ).toEqual(history.map(({ type }) => type));
});

test('no job was started twice', async () => {
  expect(await cloud.mediaConvertJobs()).toHaveLength(2);
  expect(await cloud.mediaConvertJobs()).toEqual(
    expect.arrayContaining([
      { purpose: 'stream', status: 'COMPLETE' },
      { purpose: 'speech', status: 'COMPLETE' },
    ]),
  );
  expect(await cloud.transcriptionJobs()).toEqual(['COMPLETED']);
  expect(await cloud.executions()).toHaveLength(1);
});

test('the sermon is announced once', async () => {
  const announced = await cloud.announcements();
  expect(announced.map(({ 'detail-type': type, detail }) => [type, detail.sermonId])).toEqual([['SermonPublished', sermonIdFor(KEY)]]);
});

test('the turn and the slots are free', async () => {
  expect(await cloud.row(`sermon#${sermonIdFor(KEY)}`)).not.toHaveProperty('turn');
  for (let slot = 0; slot < settingsFor('local').runSlots; slot += 1) expect(await cloud.row(`slot#${slot}`)).not.toHaveProperty('holder');
});
