import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type SearchPorts, type SearchRequest, searchLibrary } from '../../../lambda/api/search.ts';
import { ShardReader } from '../../../lambda/shared/search/shard-reader.ts';
import { ShardWriter } from '../../../lambda/shared/search/shard-writer.ts';
import { vectorKey } from '../../../lambda/shared/search/vector-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'search-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly sermonId: string;
  readonly version?: string;
  readonly title?: string;
  /** Passages; sentences are split at the full stop and last ten seconds. */
  readonly passages: readonly string[];
}

let files = 0;
/** Search over a real shard. */
function library(sermons: readonly Said[], more: Partial<SearchPorts> = {}) {
  const path = join(folder, `${(files += 1)}.sqlite`);
  const writer = new ShardWriter(path);
  for (const { sermonId, version = '01', title = 'Untitled', passages } of sermons) {
    let at = 0;
    // A sentence that is said again is the one that the passage before has: passages overlap.
    const said = new Map<string, { startSeconds: number; endSeconds: number; text: string }>();
    const sentenceOf = (text: string) => {
      const sentence = said.get(text) ?? { startSeconds: at, endSeconds: (at += 10), text };
      said.set(text, sentence);
      return sentence;
    };
    writer.replace({
      sermonId,
      version,
      revision: 0,
      title,
      passages: passages.map((text, ordinal) => {
        const sentences = text.split(/(?<=\.) /).map(sentenceOf);
        return { ordinal, startSeconds: sentences[0]?.startSeconds ?? 0, endSeconds: sentences.at(-1)?.endSeconds ?? 0, text, sentences };
      }),
    });
  }
  writer.close();
  const reader = new ShardReader(path);
  const ports: SearchPorts = {
    shard: async () => reader,
    nearest: async () => [],
    published: async (sermonIds) =>
      new Map(sermonIds.map((sermonId) => [sermonId, { version: '01', revision: 0, title: sermonId.toUpperCase() }])),
    vectorWeight: 0.2,
    warn: () => undefined,
    ...more,
  };
  return (query: string, request: Partial<SearchRequest> = {}) =>
    searchLibrary({ query, view: 'moments', offset: 0, limit: 10, ...request }, ports);
}

test('a moment points at the sentence that was said, with its words highlighted', async () => {
  const { items } = await library([
    { sermonId: 'a', passages: ['In the beginning was silence. Then he spoke of mercy and truth. And they went home.'] },
  ])('mercy truth');
  expect(items).toMatchObject([{ sermonId: 'a', title: 'A', startSeconds: 10, endSeconds: 20 }]);
  expect(items[0]?.highlights.map(([start, end]) => items[0]?.text.slice(start, end))).toEqual(['mercy', 'truth']);
});

test('the sentence that two passages share is one moment', async () => {
  const search = library([
    { sermonId: 'a', passages: ['He came home. Mercy is great.', 'Mercy is great. She left.', 'Later he spoke of mercy.'] },
  ]);
  expect((await search('mercy')).items.map(({ startSeconds }) => startSeconds).toSorted((a, b) => a - b)).toEqual([10, 30]);
});

test('passages of runs that are not published are never shown, and pages are full all the same', async () => {
  const hidden = Array.from({ length: 300 }, () => 'Mercy mercy mercy.');
  const search = library([
    { sermonId: 'a', version: '00', passages: hidden.map((text, index) => `${text} Again ${index}.`) },
    {
      sermonId: 'a',
      version: '01',
      passages: [
        'He said much that day and then he spoke of mercy to them all.',
        'Mercy came later too in that long and winding talk of his.',
      ],
    },
  ]);
  const page = await search('mercy', { limit: 1 });
  expect(page.items).toHaveLength(1);
  expect(page.nextOffset).toBe(1);
  const rest = await search('mercy', { limit: 1, offset: 1 });
  expect(rest.items).toHaveLength(1);
  expect(rest.nextOffset).toBeUndefined();
  expect(rest.items[0]?.startSeconds).not.toBe(page.items[0]?.startSeconds);
});

test('a sermon that is not published at all is not found', async () => {
  expect((await library([{ sermonId: 'a', passages: ['Mercy.'] }], { published: async () => new Map() })('mercy')).items).toEqual([]);
});

test('sermons are ranked by their best three passages, each once', async () => {
  const search = library([
    { sermonId: 'once', passages: ['Mercy and nothing else.', 'The weather was fine that day.', 'They went home again.'] },
    { sermonId: 'often', passages: ['Mercy and nothing more.', 'Mercy is what he gave.', 'Mercy for all of them.'] },
  ]);
  expect((await search('mercy', { view: 'sermons' })).items.map(({ sermonId }) => sermonId)).toEqual(['often', 'once']);
});

test('a title that has the words is one moment, after all that was said', async () => {
  const search = library([
    { sermonId: 'titled', title: 'Mercy', passages: ['He went home.', 'She stayed there.'] },
    { sermonId: 'said', passages: ['There was mercy on that day.'] },
  ]);
  expect((await search('mercy')).items.map(({ sermonId }) => sermonId)).toEqual(['said', 'titled']);
});

test('meaning finds what no word names, and a far vector does not count', async () => {
  const near = [
    { key: vectorKey({ sermonId: 'a', version: '01', revision: 0, ordinal: 0 }), distance: 0.3 },
    { key: vectorKey({ sermonId: 'b', version: '01', revision: 0, ordinal: 0 }), distance: 0.95 },
    { key: vectorKey({ sermonId: 'gone', version: '01', revision: 0, ordinal: 0 }), distance: 0.1 },
    { key: 'not ours', distance: 0.1 },
  ];
  const { items } = await library(
    [
      { sermonId: 'a', passages: ['Compassion for the poor.'] },
      { sermonId: 'b', passages: ['The roof leaked.'] },
    ],
    { nearest: async () => near },
  )('mercy');
  expect(items.map(({ sermonId, highlights }) => [sermonId, highlights])).toEqual([['a', []]]);
});

test('without the model, words alone answer and the answer says so', async () => {
  const warnings: string[] = [];
  const search = library([{ sermonId: 'a', passages: ['Mercy.'] }], {
    nearest: () => Promise.reject(new Error('throttled')),
    warn: (message) => warnings.push(message),
  });
  const result = await search('mercy');
  expect(result.items).toHaveLength(1);
  expect(result.degraded).toBe('keyword-only');
  expect(warnings).toHaveLength(1);
});

test('before anything is indexed, nothing is found', async () => {
  expect(await library([], { shard: async () => undefined })('mercy')).toEqual({ items: [] });
});
