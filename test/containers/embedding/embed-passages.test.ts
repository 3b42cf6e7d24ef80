import { expect, test } from '@jest/globals';
import type { Checkpoint } from '../../../containers/embedding/checkpoint.ts';
import { embedPassages, type EmbeddingOptions } from '../../../containers/embedding/embed-passages.ts';
import { parseSermon } from '../../../containers/embedding/sermon-variable.ts';
import type { Embedding } from '../../../lambda/shared/search/embedder.ts';
import type { Passage } from '../../../lambda/shared/search/passages.ts';

const passages: Passage[] = Array.from({ length: 12 }, (_, ordinal) => ({
  ordinal,
  startSeconds: ordinal,
  endSeconds: ordinal + 1,
  text: `passage ${ordinal}`,
  sentences: [],
}));
const options = (more: Partial<EmbeddingOptions> = {}): EmbeddingOptions => ({
  model: { modelId: 'titan', dimensions: 2 },
  concurrency: 3,
  checkpointEvery: 2,
  signal: new AbortController().signal,
  ...more,
});

/** A model that counts its calls and fails when told to, and a checkpoint that is kept. */
function bench(failAfter = Number.POSITIVE_INFINITY) {
  const state: { texts: string[]; checkpoint: Checkpoint | undefined; atOnce: number; most: number } = {
    texts: [],
    checkpoint: undefined,
    atOnce: 0,
    most: 0,
  };
  const ports = {
    embed: async (text: string) => {
      state.atOnce += 1;
      state.most = Math.max(state.most, state.atOnce);
      await Promise.resolve();
      state.atOnce -= 1;
      if (state.texts.length >= failAfter) throw new Error('model overloaded');
      state.texts.push(text);
      return { vector: [Number(text.split(' ')[1]), 1], inputTokens: 2 };
    },
    loadCheckpoint: async () => state.checkpoint,
    saveCheckpoint: async (checkpoint: Checkpoint) => {
      state.checkpoint = checkpoint;
    },
    taskSeconds: () => 5,
  };
  return { state, ports };
}

test('every passage gets its own vector, in order, with no more calls at once than allowed', async () => {
  const { state, ports } = bench();
  const { file, resumed } = await embedPassages(passages, options(), ports);
  expect(file.vectors).toEqual(passages.map(({ ordinal }) => ({ ordinal, vector: [ordinal, 1] })));
  expect(state.most).toBeLessThanOrEqual(3);
  expect(resumed).toBe(0);
});

test('an interrupted task resumes: no passage that a checkpoint holds is embedded again', async () => {
  const first = bench(7);
  await expect(embedPassages(passages, options(), first.ports)).rejects.toThrow('model overloaded');
  const kept = first.state.checkpoint;
  expect(kept?.vectors).toHaveLength(7);

  const second = bench();
  second.state.checkpoint = kept;
  const { file, resumed } = await embedPassages(passages, options(), second.ports);
  expect(resumed).toBe(7);
  expect([...first.state.texts, ...second.state.texts].toSorted()).toEqual(passages.map(({ text }) => text).toSorted());
  expect(file.vectors).toHaveLength(12);
  // Tokens of each passage once, the time of both tasks.
  expect(file.usage).toEqual({ inputTokens: 24, taskSeconds: 10 });
});

test('a task that is told to stop keeps what it has', async () => {
  const stop = new AbortController();
  const { state, ports } = bench();
  const embed = async (text: string): Promise<Embedding> => {
    if (state.texts.length >= 4) stop.abort(new Error('told to stop'));
    return ports.embed(text);
  };
  await expect(embedPassages(passages, options({ signal: stop.signal, checkpointEvery: 100 }), { ...ports, embed })).rejects.toThrow(
    'told to stop',
  );
  expect(state.checkpoint?.vectors.length).toBe(state.texts.length);
});

test('a checkpoint of another model or another text is not used', async () => {
  const { state, ports } = bench();
  await embedPassages(passages, options(), ports);
  state.texts = [];
  await embedPassages([{ ...passages[0], text: 'passage 99' } as Passage, ...passages.slice(1)], options(), ports);
  expect(state.texts).toEqual(['passage 99']);
  state.texts = [];
  await embedPassages(passages, options({ model: { modelId: 'other', dimensions: 2 } }), ports);
  expect(state.texts).toHaveLength(12);
});

test('a record without passages is refused with what to do', () => {
  expect(() => parseSermon('{"sermonId":"a","version":"1","revision":0,"transcript":{"hasSpeech":false}}')).toThrow(
    /start the task through the workflow/,
  );
});
