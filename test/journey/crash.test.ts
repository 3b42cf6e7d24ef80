import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import { settingsFor } from '../../lib/settings.ts';
import { statesOf } from '../lib/states.ts';
import { record, speak } from '../media/recordings.ts';
import { observedAssembly } from '../support/observed-assembly.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Life } from '../support/watched-cloud.ts';
import { eventsIn, startWatchedCloud, WatchedCloud, type WatchedEvent } from '../support/watched-run.ts';

const KEY = 'uploads/interrupted.wma';
// States that a recording with speech passes only when another run is in its way.
const NOT_PASSED = ['Wait for a turn', 'No speech', 'Superseded'];

/** Names of the states that the run passes. */
function passed(type?: string): readonly string[] {
  const definition = JSON.parse(readFileSync(resolve('statemachines/publish-sermon.asl.json'), 'utf8'));
  const all = statesOf(definition).filter(({ name }) => !NOT_PASSED.includes(name));
  return all.flatMap(({ name, state }) => (type === undefined || state.Type === type ? [name] : []));
}

describe.each<[string, Life]>([
  ['killed at the entry of every state', 'dying'],
  ['killed before the answer of every task is written', 'forgetting'],
])('a run whose local cloud is %s', (_how, life) => {
  /** What each process printed before it was killed. */
  const lives: { readonly lines: readonly string[]; readonly events: readonly WatchedEvent[] }[] = [];
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
      const mortal = startWatchedCloud(assembly, state, life);
      await mortal.ended;
      lives.push({ lines: mortal.lines, events: eventsIn(mortal.lines) });
      if (!mortal.lines.some((line) => /^(event|forgot) /.test(line)))
        throw new Error(`the local cloud ended by itself:\n${mortal.lines.join('\n')}`);
    } while (!lives.at(-1)?.events.some(({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)));
    cloud = await WatchedCloud.start(assembly, state);
    history = await cloud.history(lives.flatMap(({ events }) => events)[0]?.executionArn ?? '');
  }, 300_000);

  test('dies wherever it passes', () => {
    if (life === 'forgetting') {
      const forgotten = lives.filter(({ lines }) => lines.includes('forgot an answer'));
      expect(forgotten.length).toBeGreaterThanOrEqual(passed('Task').length);
    } else {
      const killedAt = lives.flatMap(({ events }) => events.flatMap(({ type, state }) => (type.endsWith('StateEntered') ? [state] : [])));
      expect(new Set(killedAt)).toEqual(new Set(passed()));
    }
  });

  test('ends well, and listeners get the sermon', async () => {
    expect(history.at(-1)?.type).toBe('ExecutionSucceeded');
    const sermon = (await (await fetch(`${cloud.addresses.siteUrl}/v1/sermons/${sermonIdFor(KEY)}`)).json()) as {
      status: string;
      stream: string;
    };
    expect(sermon.status).toBe('published');
    expect((await fetch(new URL(sermon.stream, cloud.addresses.siteUrl))).status).toBe(200);
  });

  test('has a whole history: every event follows the last one, no state is entered twice, each that is entered is left', () => {
    expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
    const entered = history.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
    const left = history.flatMap(({ stateExitedEventDetails: details }) => details?.name ?? []);
    expect(entered).toEqual([...new Set(entered)]);
    expect(left.toSorted()).toEqual(entered.toSorted());
  });

  test('keeps in its history exactly what was told of it before the kills', () => {
    expect(lives.flatMap(({ events }) => events.flatMap(({ type }) => (type === 'RetryScheduled' ? [] : [type])))).toEqual(
      history.map(({ type }) => type),
    );
  });

  test('starts no job twice', async () => {
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

  test('announces the sermon once', async () => {
    const announced = await cloud.announcements();
    expect(announced.map(({ 'detail-type': type, detail }) => [type, detail.sermonId])).toEqual([['SermonPublished', sermonIdFor(KEY)]]);
  });

  test('gives back its turn and slot', async () => {
    expect(await cloud.row(`sermon#${sermonIdFor(KEY)}`)).not.toHaveProperty('turn');
    for (let slot = 0; slot < settingsFor('local').runSlots; slot += 1)
      expect(await cloud.row(`slot#${slot}`)).not.toHaveProperty('holder');
  });
});
