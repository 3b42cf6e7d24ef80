import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { costOf, priceOf, usageOf } from '../../../lambda/shared/cost.ts';
import { prices } from '../../../lambda/shared/prices.ts';
import type { Packaged, PreparedSermon } from '../../../lambda/shared/sermon.ts';
import { preparedOf, sermonOf } from '../support/sermons.ts';

const prepared = preparedOf(sermonOf());

/** A finished run of a recording of that length, in which somebody speaks. */
const lasting = (durationSeconds: number, more: Partial<PreparedSermon> = {}): PreparedSermon & Packaged => ({
  ...prepared,
  transcriptionKey: 'work/transcription.json',
  embedding: { inputTokens: 15_000, taskSeconds: 90.2 },
  ...more,
  audio: { ...prepared.audio, durationSeconds, ...more.audio },
});

test('an hour is four outputs of an hour, an hour of recognition, and the tokens and seconds that the task noted', () => {
  expect(usageOf(lasting(3600))).toEqual({
    transcodedMinutes: 240,
    transcodedOutputs: 4,
    transcribedMinutes: 60,
    embeddingTokens: 15_000,
    taskSeconds: 91,
    taskVcpus: 1,
    taskMemoryGb: 2,
    stateTransitions: 17,
    objectWrites: 1805,
  });
});

test('the shortest recordings are billed their minimum: ten seconds an output, fifteen of recognition, a minute of task', () => {
  const usage = usageOf(lasting(2, { embedding: { inputTokens: 5, taskSeconds: 3 } }));
  expect(usage).toMatchObject({ transcodedMinutes: 0.667, transcribedMinutes: 0.25, taskSeconds: 60 });
});

test('a recording that Transcribe cannot read costs one more output', () => {
  const audio = { ...prepared.audio, durationSeconds: 3600, transcribeFormat: null };
  expect(usageOf(lasting(3600, { audio }))).toMatchObject({ transcodedOutputs: 5, transcodedMinutes: 300, stateTransitions: 18 });
});

test('silence is transcribed, and embedded by nobody', () => {
  const { embedding: _none, ...silent } = lasting(60, { transcript: { hasSpeech: false } });
  expect(usageOf(silent)).toMatchObject({ transcribedMinutes: 1, embeddingTokens: 0, taskSeconds: 0, stateTransitions: 16 });
});

test('each wait for a turn enters three states', () => {
  expect(usageOf(lasting(60), 4).stateTransitions - usageOf(lasting(60)).stateTransitions).toBe(12);
});

test('the estimate is the sum of its parts at the prices of the table, and names their day', () => {
  const { estimatedUsd, pricesAsOf, usage } = costOf(lasting(3600));
  const parts = priceOf(usage);
  expect(parts.transcription).toBeCloseTo(60 * prices.transcribedMinute.usd);
  expect(parts.transcoding).toBeCloseTo(240 * prices.transcodedMinute.usd);
  expect(estimatedUsd).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part));
  expect(costOf(lasting(3600), 0, 1.5).estimatedUsd).toBeCloseTo(1.5 * estimatedUsd);
  expect(pricesAsOf).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('the workflow has as many states on its way, and as many outputs, as the estimate counts', () => {
  const text = readFileSync('statemachines/publish-sermon.asl.json', 'utf8');
  expect(statesOnTheWay(JSON.parse(text) as Machine)).toBe(usageOf(lasting(60)).stateTransitions);
  const rates = /\$map\(\[([\d, ]+)\], function\(\$rate\)/.exec(text)?.[1]?.split(',') ?? [];
  expect(rates.length + 1).toBe(usageOf(lasting(60)).transcodedOutputs);
});

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
interface State {
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Branches?: readonly Machine[];
}

/** Counts the states that a run enters which gets its turn at once, is readable, has speech and is published. */
function statesOnTheWay({ StartAt, States }: Machine): number {
  let entered = 0;
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`there is no state ${name}`);
    entered += 1 + (state.Branches ?? []).reduce((sum, branch) => sum + statesOnTheWay(branch), 0);
    const good: { readonly Next: string } | undefined = state.Choices?.find(({ Condition }) => /'claimed'|'published'/.test(Condition));
    name = good?.Next ?? state.Default ?? state.Next;
  }
  return entered;
}
