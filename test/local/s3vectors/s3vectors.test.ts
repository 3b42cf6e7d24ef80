import { GetVectorsCommand, ListVectorsCommand, PutVectorsCommand, QueryVectorsCommand, S3VectorsClient } from '@aws-sdk/client-s3vectors';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Service } from '../../../local/gateway/service.ts';
import { createS3Vectors } from '../../../local/s3vectors/s3vectors.ts';
import { BareCloud } from '../s3/bare-cloud.ts';

let bare: BareCloud;
let service: Service;
let client: S3VectorsClient;
let indexArn: string;

async function open(folder?: string): Promise<void> {
  bare = new BareCloud(folder);
  const part = bare.add(createS3Vectors(bare.cloud));
  service = part.service;
  const VectorBucketArn = await bare.deploy('AWS::S3Vectors::VectorBucket', 'vectors', {});
  const MetadataConfiguration = { NonFilterableMetadataKeys: ['text'] };
  const index = {
    VectorBucketArn,
    IndexName: 'titan-20',
    Dimension: 20,
    DistanceMetric: 'cosine',
    DataType: 'float32',
    MetadataConfiguration,
  };
  indexArn = await bare.deploy('AWS::S3Vectors::Index', 'index', index);
  const endpoint = await bare.serve(service);
  client = new S3VectorsClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
}

beforeEach(() => open());
afterEach(async () => {
  client.destroy();
  await bare.remove();
});

// A small generator of our own, so that a failure can be repeated.
function randomVector(seed: number): number[] {
  let state = seed * 2654435761 + 1;
  return Array.from({ length: 20 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);

const cosineDistance = (a: readonly number[], b: readonly number[]): number => {
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

const put = (vectors: { key: string; data: { float32: number[] }; metadata?: Record<string, string | number | string[]> }[]) =>
  client.send(new PutVectorsCommand({ indexArn, vectors }));
const query = async (more: object) =>
  (await client.send(new QueryVectorsCommand({ indexArn, topK: 3, queryVector: { float32: randomVector(0) }, ...more }))).vectors;

test('the nearest vectors are found exactly as by comparing with all, after deletes and a restart too', async () => {
  const vectors = Array.from({ length: 5000 }, (_unused, at) => ({ key: `v${at}`, data: { float32: randomVector(at + 1) } }));
  for (let at = 0; at < vectors.length; at += 500) await put(vectors.slice(at, at + 500));
  await bare.call('s3vectors', 'DeleteVectors', { indexArn, keys: vectors.slice(0, 200).map(({ key }) => key) });
  const expected = vectors
    .slice(200)
    .map(({ key, data }) => ({ key, distance: cosineDistance(randomVector(0), data.float32) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 10);
  const found = await query({ topK: 10, returnDistance: true });
  expect(found?.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
  expect(found?.[0]?.distance).toBeCloseTo(expected[0]?.distance ?? 0, 5);
  await bare.stop();
  await open(bare.folder);
  expect((await query({ topK: 10 }))?.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
});

test.each([
  [{ speaker: 'Anna' }, ['a']],
  [{ year: { $gt: 2020, $lte: 2022 } }, ['b']],
  [{ refs: { $eq: '45008' } }, ['a', 'b']],
  [{ speaker: { $in: ['Ben', 'Cleo'] } }, ['b', 'c']],
  [{ speaker: { $nin: ['Ben', 'Cleo'] } }, ['a']],
  [{ refs: { $exists: false } }, ['c']],
  [{ $or: [{ year: { $lt: 2021 } }, { speaker: { $ne: 'Ben' } }] }, ['a', 'c']],
  [{ $and: [{ refs: '45008' }, { year: { $gte: 2022 } }] }, ['b']],
])('the filter %j keeps the vectors it describes', async (filter, keys) => {
  await put([
    { key: 'a', data: { float32: randomVector(1) }, metadata: { speaker: 'Anna', year: 2020, refs: ['45008', '1001'] } },
    { key: 'b', data: { float32: randomVector(2) }, metadata: { speaker: 'Ben', year: 2022, refs: ['45008'] } },
    { key: 'c', data: { float32: randomVector(3) }, metadata: { speaker: 'Cleo', year: 2023, text: 'long' } },
  ]);
  expect((await query({ filter }))?.map(({ key }) => key).toSorted()).toEqual(keys);
});

test.each([
  ['a wrong dimension', { vectors: [{ key: 'k', data: { float32: [1, 2] } }] }],
  [
    'more than 500 vectors',
    { vectors: Array.from({ length: 501 }, (_unused, at) => ({ key: `${at}`, data: { float32: randomVector(at) } })) },
  ],
  ['2 KB of filterable metadata', { vectors: [{ key: 'k', data: { float32: randomVector(1) }, metadata: { long: 'x'.repeat(2048) } }] }],
])('%s is refused', async (_what, input) => {
  await expect(client.send(new PutVectorsCommand({ indexArn, ...input }))).rejects.toMatchObject({ name: 'ValidationException' });
});

test('filtering by a key that is not filterable is refused', async () => {
  await expect(query({ filter: { text: 'long' } })).rejects.toMatchObject({ name: 'ValidationException' });
});

test('vectors come back as they were put', async () => {
  await put([
    { key: 'b', data: { float32: randomVector(2) } },
    { key: 'a', data: { float32: randomVector(1) }, metadata: { text: 'x'.repeat(3000) } },
  ]);
  const { vectors } = await client.send(new GetVectorsCommand({ indexArn, keys: ['a', 'none'], returnData: true, returnMetadata: true }));
  expect(vectors).toEqual([{ key: 'a', data: { float32: [...Float32Array.from(randomVector(1))] }, metadata: { text: 'x'.repeat(3000) } }]);
  const first = await client.send(new ListVectorsCommand({ indexArn, maxResults: 1 }));
  const rest = await client.send(new ListVectorsCommand({ indexArn, nextToken: first.nextToken }));
  expect([first.vectors?.[0]?.key, rest.vectors?.[0]?.key]).toEqual(['a', 'b']);
});

const actions = (input: object) => service.operations['QueryVectors']?.permissions({ indexArn, ...input }).map(({ action }) => action);

test('asking for metadata takes the right to read vectors', () => {
  expect([actions({}), actions({ returnMetadata: true })]).toEqual([
    ['s3vectors:QueryVectors'],
    ['s3vectors:QueryVectors', 's3vectors:GetVectors'],
  ]);
});

test('a euclidean index measures straight lines', async () => {
  const VectorBucketArn = await bare.deploy('AWS::S3Vectors::VectorBucket', 'vectors', {});
  const flat = await bare.deploy('AWS::S3Vectors::Index', 'flat', { VectorBucketArn, Dimension: 2, DistanceMetric: 'euclidean' });
  const vectors = [
    [3, 4],
    [30, 40],
    [-1, 0],
  ].map((float32) => ({ key: String(float32), data: { float32 } }));
  await bare.call('s3vectors', 'PutVectors', { indexArn: flat, vectors });
  const found = await bare.call('s3vectors', 'QueryVectors', {
    indexArn: flat,
    topK: 2,
    queryVector: { float32: [0, 0] },
    returnDistance: true,
  });
  expect(found).toEqual({
    distanceMetric: 'euclidean',
    vectors: [
      { key: '-1,0', distance: 1 },
      { key: '3,4', distance: 5 },
    ],
  });
});
