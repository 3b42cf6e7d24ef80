import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { bestThree, fuse } from '../../../../lambda/shared/search/fusion.ts';
import { bestExcerpt, highlightRanges } from '../../../../lambda/shared/search/highlights.ts';
import { packSentences, unpackSentences } from '../../../../lambda/shared/search/packed-sentences.ts';
import { matchExpression } from '../../../../lambda/shared/search/query.ts';
import { ShardReader } from '../../../../lambda/shared/search/shard-reader.ts';
import { type SermonPassages, ShardWriter } from '../../../../lambda/shared/search/shard-writer.ts';
import { parseVectorKey, vectorKey } from '../../../../lambda/shared/search/vector-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'shard-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}.sqlite`);

const sermon = (sermonId: string, texts: readonly string[], more: Partial<SermonPassages> = {}): SermonPassages => ({
  sermonId,
  version: '01',
  revision: 0,
  title: 'A sermon',
  passages: texts.map((text, ordinal) => ({
    ordinal,
    startSeconds: ordinal * 10,
    endSeconds: ordinal * 10 + 10,
    text,
    sentences: [{ startSeconds: ordinal * 10, endSeconds: ordinal * 10 + 10, text }],
  })),
  ...more,
});
const shardOf = (...sermons: SermonPassages[]): ShardReader => {
  const [before, after] = [newPath(), newPath()];
  const writer = new ShardWriter(before);
  for (const one of sermons) writer.replace(one);
  writer.snapshot(after);
  writer.close();
  return new ShardReader(after);
};
const WEIGHTS = [8, 4, 1] as const;

test('what a listener types never reaches FTS5 as syntax', () => {
  const shard = shardOf(sermon('a', ['grace and truth came']));
  for (const query of [
    'grace AND',
    '"',
    'text:grace',
    'grace*',
    '(grace',
    'NEAR(grace truth, 2)',
    "don't",
    'grace" OR "x',
    '^grace',
    '-grace',
    'grace\u0000',
    '{title}: grace',
    '+ +',
  ]) {
    const expression = matchExpression(query);
    if (expression !== undefined) expect(() => shard.search(expression, WEIGHTS, 5)).not.toThrow();
  }
  expect(matchExpression('"" !? …')).toBeUndefined();
  expect(matchExpression('living "eternal life"')).toBe('"living" OR "eternal life"');
  shard.close();
});

test('a word is found by its stem and without its accents, and the title counts more than the text', () => {
  const shard = shardOf(
    sermon('said', ['he was forgiving them all their debts and more']),
    sermon('titled', ['something else was said on that day'], { title: 'Forgiveness for all' }),
    sermon('café', ['the café was closed']),
  );
  expect(shard.search(matchExpression('forgive forgiveness') ?? '', WEIGHTS, 5).map(({ sermonId, inText }) => [sermonId, inText])).toEqual([
    ['titled', false],
    ['said', true],
  ]);
  expect(shard.search(matchExpression('CAFE') ?? '', WEIGHTS, 5)).toHaveLength(1);
  shard.close();
});

test('a found passage comes with its sentences and with ranges where the words stand', () => {
  const shard = shardOf(sermon('a', ['For God so loved the world']));
  const found = shard.find({ sermonId: 'a', version: '01', revision: 0, ordinal: 0 }, matchExpression('love world'));
  expect(found?.highlights.map(({ start, end }) => found.text.slice(start, end))).toEqual(['loved', 'world']);
  expect(found?.sentences).toHaveLength(1);
  expect(shard.find({ sermonId: 'a', version: '02', revision: 0, ordinal: 0 }, undefined)).toBeUndefined();
  shard.close();
});

test('the sentences of a passage come back with their words and times', () => {
  const sentences = [
    { startSeconds: 0.64, endSeconds: 2.5, text: 'Grace be with you.' },
    { startSeconds: 3, endSeconds: 4, text: 'And peace 🕊.' },
  ];
  const text = sentences.map((sentence) => sentence.text).join(' ');
  expect(unpackSentences(packSentences(sentences), text)).toEqual(sentences);
});

test('writing a run again replaces its passages, and a removed passage is not found', () => {
  const path = newPath();
  const writer = new ShardWriter(path);
  writer.replace(sermon('a', ['first grace', 'second grace']));
  writer.replace(sermon('a', ['third grace']));
  writer.replace(sermon('a', ['newer grace'], { version: '02' }));
  expect(writer.passagesOf('a')).toEqual([
    { sermonId: 'a', version: '01', revision: 0, ordinal: 0 },
    { sermonId: 'a', version: '02', revision: 0, ordinal: 0 },
  ]);
  writer.remove({ sermonId: 'a', version: '01', revision: 0, ordinal: 0 });
  writer.close();
  const reader = new ShardReader(path);
  expect(reader.search('"grace"', WEIGHTS, 5).map(({ version }) => version)).toEqual(['02']);
  expect(reader.search('"first" OR "third"', WEIGHTS, 5)).toEqual([]);
  reader.close();
});

test('the excerpt starts at the sentence with most of the words, and its highlights fit its text', () => {
  const sentences = ['Grace, grace, grace.', 'The law came by Moses.', 'Grace and truth came.'].map((text, index) => ({
    startSeconds: index * 5,
    endSeconds: index * 5 + 4,
    text,
  }));
  const text = sentences.map((sentence) => sentence.text).join(' ');
  const marked = text.replaceAll(/grace|truth/gi, (word) => `<${word}>`);
  const excerpt = bestExcerpt(text, sentences, highlightRanges(marked, '<', '>'));
  expect(excerpt).toMatchObject({ startSeconds: 10, endSeconds: 14 });
  expect(excerpt?.highlights.map(({ start, end }) => excerpt.text.slice(start, end))).toEqual([
    'Grace',
    'grace',
    'grace',
    'Grace',
    'truth',
  ]);
});

test('a small weight lets meaning decide between equals without overruling words', () => {
  const fused = fuse([
    { keys: ['a', 'b', 'c'], weight: 1 },
    { keys: ['c', 'x', 'b'], weight: 0.2 },
  ]);
  expect(fused.map(({ key }) => key)).toEqual(['b', 'c', 'a', 'x']);
  expect(
    fuse([
      { keys: ['a', 'b'], weight: 1 },
      { keys: ['b', 'a'], weight: 0 },
    ]).map(({ key }) => key),
  ).toEqual(['a', 'b']);
});

test('a sermon counts by its best three passages', () => {
  const hits = [
    ['often', 2],
    ['once', 5],
    ['often', 2],
    ['often', 2],
    ['often', 2],
  ] as const;
  expect(bestThree(hits.map(([group, score]) => ({ group, score })))).toEqual([
    { key: 'often', score: 6 },
    { key: 'once', score: 5 },
  ]);
});

test('the key of a vector names its passage both ways', () => {
  const passage = { sermonId: 'john-3-0a1b2c3d', version: '0063A', revision: 2, ordinal: 17 };
  expect(parseVectorKey(vectorKey(passage))).toEqual(passage);
  expect(parseVectorKey('something else')).toBeUndefined();
});

test('each passage has the highlights of its own text', () => {
  const shard = shardOf(sermon('a', ['grace first', 'and then came grace']));
  const expression = matchExpression('grace') ?? '';
  const marked = [0, 1].map((ordinal) => {
    const passage = shard.find({ sermonId: 'a', version: '01', revision: 0, ordinal }, expression);
    return passage?.highlights.map(({ start, end }) => passage.text.slice(start, end));
  });
  expect(marked).toEqual([['grace'], ['grace']]);
  shard.close();
});
