import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Principal } from '../../../local/gateway/service.ts';
import { createS3 } from '../../../local/s3/s3.ts';
import { BareCloud } from './bare-cloud.ts';

let bare: BareCloud;

beforeEach(async () => {
  bare = new BareCloud();
  await open();
});
afterEach(() => bare.remove());

async function open(): Promise<void> {
  bare.add(createS3(bare.cloud));
  const NotificationConfiguration = { EventBridgeConfiguration: { EventBridgeEnabled: true } };
  await bare.deploy('AWS::S3::Bucket', 'plain', { NotificationConfiguration });
  await bare.deploy('AWS::S3::Bucket', 'versioned', { NotificationConfiguration, VersioningConfiguration: { Status: 'Enabled' } });
}

const put = (Key: string, Body: unknown, Bucket = 'plain') => bare.call('s3', 'PutObject', { Bucket, Key, Body });
const read = async (Key: string) => text((await bare.call('s3', 'GetObject', { Bucket: 'plain', Key }))['Body'] as Readable);
const blobCount = () =>
  readdirSync(join(bare.folder, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
const sequencers = () => bare.events.map((event) => (event.detail['object'] as { sequencer: string }).sequencer);

test('a new object raises the event that S3 sends', async () => {
  await put('uploads/a+b %20 é.mp3', 'hello', 'versioned');
  expect(bare.events).toEqual([
    {
      source: 'aws.s3',
      detailType: 'Object Created',
      resources: ['arn:aws:s3:::versioned'],
      detail: {
        version: '0',
        bucket: { name: 'versioned' },
        object: {
          key: 'uploads/a+b %20 é.mp3',
          size: 5,
          etag: '5d41402abc4b2a76b9719d911017c592',
          'version-id': expect.stringMatching(/^\S{32}$/),
          sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
        },
        'request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
        requester: '000000000000',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    },
  ]);
});

test('a delete says whether it left a marker', async () => {
  await put('k', 'x');
  await put('k', 'x', 'versioned');
  await bare.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'k' });
  await bare.call('s3', 'DeleteObject', { Bucket: 'versioned', Key: 'k' });
  expect(bare.events.slice(2).map(({ detailType, detail }) => [detailType, detail['deletion-type']])).toEqual([
    ['Object Deleted', 'Permanently Deleted'],
    ['Object Deleted', 'Delete Marker Created'],
  ]);
});

test('sequencers only grow, across restarts too', async () => {
  for (const body of ['1', '2', '3']) await put('k', body);
  const before = sequencers();
  await bare.stop();
  bare = new BareCloud(bare.folder);
  await open();
  await put('k', '4');
  const all = [...before, ...sequencers()];
  expect(all).toEqual(all.toSorted());
  expect(new Set(all).size).toBe(4);
});

test('nothing is left on disk of objects that were replaced, deleted or never finished', async () => {
  await put('k', 'one');
  await put('k', 'two');
  const failing = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      await Promise.reject(new Error('the sender went away'));
    })(),
  );
  await expect(put('k', failing)).rejects.toThrow('went away');
  await expect(bare.call('s3', 'PutObject', { Bucket: 'plain', Key: 'k', Body: 'x', IfMatch: '"no"' })).rejects.toThrow('pre-conditions');
  expect(await read('k')).toBe('two');
  await bare.store.committed();
  await bare.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'k' });
  await bare.stop();
  bare = new BareCloud(bare.folder);
  await open();
  expect(blobCount()).toBe(0);
});

test('a copy outlives its source, and a reader outlives the object', async () => {
  await put('source', 'bytes');
  await bare.call('s3', 'CopyObject', { Bucket: 'plain', Key: 'copy', CopySource: 'plain/source' });
  await bare.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'source' });
  expect(blobCount()).toBe(1);
  const { Body } = await bare.call('s3', 'GetObject', { Bucket: 'plain', Key: 'copy' });
  await bare.call('s3', 'DeleteObject', { Bucket: 'plain', Key: 'copy' });
  await bare.store.committed();
  expect(await text(Body as Readable)).toBe('bytes');
});

const listIf = (operator: string) => ({
  Effect: 'Allow' as const,
  Action: 's3:ListBucket',
  Resource: 'arn:aws:s3:::plain',
  Condition: { [operator]: { 's3:prefix': 'search/*' } },
});

test('who may not list a bucket is not told that a key is missing', async () => {
  const arn = bare.cloud.iam.defineRole('reader');
  const role: Principal = { kind: 'role', arn };
  const head = () => bare.cloud.call(role, 's3', 'HeadObject', { Bucket: 'plain', Key: 'search/none' });
  const Statement = [{ Effect: 'Allow' as const, Action: 's3:GetObject', Resource: 'arn:aws:s3:::plain/*' }];
  bare.cloud.iam.attachPolicy('reader', 'p', { Statement });
  await expect(head).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
  bare.cloud.iam.attachPolicy('reader', 'p', { Statement: [...Statement, listIf('StringLike')] });
  await expect(head).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
  bare.cloud.iam.attachPolicy('reader', 'p', { Statement: [...Statement, listIf('StringLikeIfExists')] });
  await expect(head).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
});

test('a bucket deployment copies what its filters choose, once', async () => {
  const site = join(bare.folder, 'assembly', 'asset.site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<p>');
  writeFileSync(join(site, 'assets', 'app.js'), '1');
  const manifest = { files: { site: { source: { path: 'asset.site' }, destinations: { here: { objectKey: 'site.zip' } } } } };
  writeFileSync(join(bare.folder, 'assembly', 'test.assets.json'), JSON.stringify(manifest));
  bare.assets.load(join(bare.folder, 'assembly'), 'test.assets.json');
  const properties = {
    SourceObjectKeys: ['site.zip'],
    DestinationBucketName: 'plain',
    DestinationBucketKeyPrefix: 'web/',
    Exclude: ['*'],
    Include: ['assets/*'],
    SystemMetadata: { 'cache-control': 'max-age=31536000' },
    Prune: 'false',
  };
  for (const name of ['one', 'again']) await bare.deploy('Custom::CDKBucketDeployment', name, properties);
  expect(bare.events.map((event) => (event.detail['object'] as { key: string }).key)).toEqual(['web/assets/app.js']);
  expect(await bare.call('s3', 'HeadObject', { Bucket: 'plain', Key: 'web/assets/app.js' })).toMatchObject({
    ContentType: 'text/javascript',
    CacheControl: 'max-age=31536000',
  });
});
