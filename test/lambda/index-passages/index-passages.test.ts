import { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CachedShard } from '../../../lambda/api/cached-shard.ts';
import { indexPassages, type IndexPorts } from '../../../lambda/index-passages/index-passages.ts';
import { stalePassages } from '../../../lambda/index-passages/stale-runs.ts';
import { vectorsOf } from '../../../lambda/index-passages/vectors.ts';
import type { EmbeddingsFile, PassagesFile } from '../../../lambda/shared/search/passages.ts';
import { SHARD_KEY } from '../../../lambda/shared/storage-keys.ts';
import { type JsonService, startJsonService } from '../../support/json-service.ts';
import { type ObjectStore, startObjectStore } from '../../support/object-store.ts';

let store: ObjectStore;
let service: JsonService;
let vectors: Map<string, Record<string, unknown>>;
let batches: number[];
let client: S3VectorsClient;

beforeAll(async () => {
  store = await startObjectStore();
  service = await startJsonService({
    PutVectors: (input) => {
      const put = input['vectors'] as { key: string; metadata: Record<string, unknown> }[];
      batches.push(put.length);
      for (const { key, metadata } of put) vectors.set(key, metadata);
      return {};
    },
    DeleteVectors: ({ keys }) => {
      for (const key of keys as string[]) vectors.delete(key);
      return {};
    },
  });
  client = new S3VectorsClient(service.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await Promise.all([store.stop(), service.stop()]);
});
beforeEach(() => {
  store.objects.clear();
  store.beforeWrite = () => undefined;
  [vectors, batches] = [new Map(), []];
});

const passagesOf = (sermonId: string, version: string, texts: readonly string[]): PassagesFile => ({
  sermonId,
  version,
  revision: 0,
  language: 'en-US',
  passages: texts.map((text, ordinal) => ({
    ordinal,
    startSeconds: ordinal,
    endSeconds: ordinal + 1,
    text,
    sentences: [{ startSeconds: ordinal, endSeconds: ordinal + 1, text }],
  })),
});
const embeddingsOf = ({ passages }: PassagesFile): EmbeddingsFile => ({
  modelId: 'titan',
  dimensions: 2,
  vectors: passages.map(({ ordinal }) => ({ ordinal, vector: [1, 0] })),
});
const patience = { remainingMilliseconds: () => 240_000 };

/** Indexes a run whose files lie in the bucket. */
async function index(file: PassagesFile, published?: { version: string; revision: number }) {
  const prefix = `work/${file.sermonId}/${file.version}/0`;
  store.objects.set(`${prefix}/passages.json`, Buffer.from(JSON.stringify(file)));
  store.objects.set(`${prefix}/embeddings.json`, Buffer.from(JSON.stringify(embeddingsOf(file))));
  const ports: IndexPorts = {
    s3: store.s3,
    mediaBucket: 'media',
    vectors: client,
    vectorIndexArn: 'arn:aws:s3vectors:us-east-1:000000000000:bucket/v/index/i',
    publishedRun: async () => published,
  };
  return indexPassages(
    { passagesKey: `${prefix}/passages.json`, embeddingsKey: `${prefix}/embeddings.json`, tags: { title: 'A sermon' } },
    ports,
    patience,
  );
}

/** Which runs the shard in the bucket has for a word. */
async function found(word: string): Promise<string[]> {
  const shard = new CachedShard(store.s3, { bucket: 'media', key: SHARD_KEY });
  const hits = (await shard.current())?.search(`"${word}"`, [1, 1, 1], 100) ?? [];
  shard.close();
  return hits.map(({ sermonId, version, ordinal }) => `${sermonId}/${version}/${ordinal}`).toSorted();
}

test('indexing twice leaves each passage once, among words and among vectors', async () => {
  const file = passagesOf('a', '01', ['grace', 'grace and peace']);
  expect(await index(file)).toEqual({ passages: 2, removed: 0, tries: 1 });
  await index(file);
  expect(await found('grace')).toEqual(['a/01/0', 'a/01/1']);
  expect([...vectors]).toEqual([
    ['a/01/0/0', { sermonId: 'a', version: '01', revision: 0, ordinal: 0, startSeconds: 0, endSeconds: 1 }],
    ['a/01/0/1', { sermonId: 'a', version: '01', revision: 0, ordinal: 1, startSeconds: 1, endSeconds: 2 }],
  ]);
});

test('older runs go, but never the published one, and never another sermon', async () => {
  await index(passagesOf('other', '01', ['grace']));
  await index(passagesOf('a', '01', ['grace']));
  await index(passagesOf('a', '02', ['grace']), { version: '01', revision: 0 });
  expect(await index(passagesOf('a', '03', ['grace']), { version: '01', revision: 0 })).toMatchObject({ removed: 1 });
  expect(await found('grace')).toEqual(['a/01/0', 'a/03/0', 'other/01/0']);
  expect([...vectors.keys()]).toEqual(['other/01/0/0', 'a/01/0/0', 'a/03/0/0']);
});

test('a redriven older run leaves what its successor has indexed', () => {
  const runs = ['01', '02', '03'].map((version) => ({ version, revision: 0 }));
  expect(stalePassages(runs, { version: '02', revision: 0 }, undefined)).toEqual([{ version: '01', revision: 0 }]);
});

test('when another run writes the shard at the same moment, neither loses its passages', async () => {
  await index(passagesOf('a', '01', ['grace']));
  const afterA = store.objects.get(SHARD_KEY);
  await index(passagesOf('b', '01', ['grace']));
  const afterB = store.objects.get(SHARD_KEY);
  if (afterA === undefined || afterB === undefined) throw new Error('the shard was not written');
  // c reads the shard as a left it; b's write lands before c's.
  store.objects.set(SHARD_KEY, afterA);
  let conflicts = 1;
  store.beforeWrite = (key) => {
    if (key === SHARD_KEY && conflicts > 0) {
      conflicts -= 1;
      store.objects.set(SHARD_KEY, afterB);
    }
  };
  expect(await index(passagesOf('c', '01', ['grace']))).toMatchObject({ tries: 2 });
  expect(await found('grace')).toEqual(['a/01/0', 'b/01/0', 'c/01/0']);
});

test('a writer that always loses gives up in time for the workflow to try again', async () => {
  let writes = 0;
  store.beforeWrite = (key) => {
    if (key === SHARD_KEY) store.objects.set(SHARD_KEY, Buffer.from(String((writes += 1))));
  };
  const file = passagesOf('a', '01', ['grace']);
  store.objects.set('p', Buffer.from(JSON.stringify(file)));
  store.objects.set('e', Buffer.from(JSON.stringify(embeddingsOf(file))));
  const ports: IndexPorts = {
    s3: store.s3,
    mediaBucket: 'media',
    vectors: client,
    vectorIndexArn: 'arn',
    publishedRun: async () => undefined,
  };
  const call = indexPassages({ passagesKey: 'p', embeddingsKey: 'e', tags: { title: 'A' } }, ports, {
    remainingMilliseconds: () => 10_000,
  });
  await expect(call).rejects.toMatchObject({ name: 'ServiceBusyError' });
});

test('a search sees a newer shard as soon as it is written, and reads an unchanged one once', async () => {
  const shard = new CachedShard(store.s3, { bucket: 'media', key: SHARD_KEY });
  expect(await shard.current()).toBeUndefined();
  await index(passagesOf('a', '01', ['grace']));
  const first = await shard.current();
  expect(await shard.current()).toBe(first);
  await index(passagesOf('b', '01', ['grace']));
  expect((await shard.current())?.search('"grace"', [1, 1, 1], 10)).toHaveLength(2);
  shard.close();
});

test('no request has more than 500 vectors', async () => {
  await index(
    passagesOf(
      'long',
      '01',
      Array.from({ length: 1100 }, (_, ordinal) => `word ${ordinal}`),
    ),
  );
  expect(batches).toEqual([500, 500, 100]);
});

test('embeddings of another text are refused', () => {
  const file = passagesOf('a', '01', ['grace', 'peace']);
  expect(() => vectorsOf(file, embeddingsOf(passagesOf('a', '01', ['grace'])))).toThrow(
    /passage 1 of sermon a has no vector among 1; start a fresh run/,
  );
});
