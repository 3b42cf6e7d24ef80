import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createS3 } from '../../../local/s3/s3.ts';
import { BareCloud } from './bare-cloud.ts';

const bare = new BareCloud();
const s3 = bare.add(createS3(bare.cloud));
let client: S3Client;
let endpoint: string;

beforeAll(async () => {
  endpoint = await bare.serve(s3.service, (request, response) => s3.preflight(request, response));
  client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  await bare.deploy('AWS::S3::Bucket', 'plain', {
    CorsConfiguration: {
      CorsRules: [{ AllowedMethods: ['PUT'], AllowedOrigins: ['https://*.example.org'], AllowedHeaders: ['*'], MaxAge: 60 }],
    },
  });
  await bare.deploy('AWS::S3::Bucket', 'versioned', {
    VersioningConfiguration: { Status: 'Enabled' },
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
});

afterAll(async () => {
  client.destroy();
  await bare.remove();
});

const put = (Key: string, Body: string | Buffer = 'x', Bucket = 'plain') => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const read = async (Key: string, more: object = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket: 'plain', Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};
const statusOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => ({ name: 'none', $metadata: { httpStatusCode: 200 } }),
    (thrown: { name: string; $metadata: { httpStatusCode: number } }) => thrown,
  );
  return `${error.$metadata.httpStatusCode} ${error.name}`;
};

test.each(['a+b %20 é.mp3', '/leading', '../up/./x', 'a//b', ' spaced ', 'ü'.repeat(512), '日本&<>"\'?#', 'tab\tnew\nline'])(
  'an object under the key %j is read back, listed and deleted',
  async (key) => {
    await put(key, key);
    expect((await read(key)).text).toBe(key);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: key }));
    expect(listed.Contents?.map((object) => object.Key)).toEqual([key]);
    await client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: key }));
    expect(await statusOf(read(key))).toBe('404 NoSuchKey');
  },
);

test('a key over 1,024 bytes is refused', async () => {
  expect(await statusOf(put('k'.repeat(1025)))).toBe('400 KeyTooLongError');
});

test('a streamed body arrives without its framing, and what was said about it comes back', async () => {
  const body = randomBytes(3 * 1024 * 1024);
  await client.send(
    new PutObjectCommand({
      Bucket: 'plain',
      Key: 'stream',
      Body: Readable.from([body.subarray(0, 100_001), body.subarray(100_001)]),
      ContentLength: body.length,
      ContentType: 'audio/mpeg',
      CacheControl: 'max-age=1',
      Metadata: { Preacher: 'Anna' },
    }),
  );
  const got = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'stream' }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  expect(got.ContentEncoding).toBeUndefined();
  expect(got).toMatchObject({
    ContentType: 'audio/mpeg',
    CacheControl: 'max-age=1',
    Metadata: { preacher: 'Anna' },
    ETag: `"${createHash('md5').update(body).digest('hex')}"`,
  });
});

test('a file is uploaded straight from the disk', async () => {
  const file = import.meta.filename;
  await client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'file', Body: createReadStream(file) }));
  expect((await read('file')).text).toBe(readFileSync(file, 'utf8'));
});

test('a body that does not match its checksum is refused and not stored', async () => {
  const wrong = { Bucket: 'plain', Key: 'wrong', Body: 'hello' };
  expect(await statusOf(client.send(new PutObjectCommand({ ...wrong, ChecksumCRC32: 'AAAAAA==' })))).toBe('400 BadDigest');
  expect(await statusOf(client.send(new PutObjectCommand({ ...wrong, ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })))).toBe('400 BadDigest');
  expect(await statusOf(read('wrong'))).toBe('404 NoSuchKey');
});

test.each([
  ['bytes=2-4', 'cde', 'bytes 2-4/10'],
  ['bytes=7-', 'hij', 'bytes 7-9/10'],
  ['bytes=-3', 'hij', 'bytes 7-9/10'],
  ['bytes=8-99', 'ij', 'bytes 8-9/10'],
])('the range %s is served', async (Range, text, ContentRange) => {
  await put('ten', 'abcdefghij');
  expect(await read('ten', { Range })).toMatchObject({ text, ContentRange, ContentLength: text.length });
});

test('a range beyond the end is 416', async () => {
  await put('ten', 'abcdefghij');
  expect(await statusOf(read('ten', { Range: 'bytes=10-' }))).toBe('416 InvalidRange');
});

test('conditions of reads and writes are kept', async () => {
  const { ETag } = await put('conditional', 'one');
  expect(await statusOf(read('conditional', { IfNoneMatch: ETag }))).toMatch(/^304 /);
  expect(await statusOf(read('conditional', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed');
  const write = (more: object) =>
    statusOf(client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'conditional', Body: 'two', ...more })));
  expect(await write({ IfNoneMatch: '*' })).toBe('412 PreconditionFailed');
  expect(await write({ IfMatch: '"other"' })).toBe('412 PreconditionFailed');
  expect(await write({ IfMatch: ETag })).toBe('200 none');
  expect(await statusOf(client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'absent', Body: 'x', IfMatch: '"x"' })))).toBe(
    '404 NoSuchKey',
  );
});

test('listing pages through every key once, in order of code points, folding prefixes', async () => {
  const keys = ['p/B', 'p/D', 'p/a', 'p/c/1', 'p/c/2', 'p/d', 'p/\u{FF5E}', 'p/\u{1F600}'];
  for (const key of keys.toReversed()) await put(key);
  const seen: (string | undefined)[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'p/', Delimiter: '/', MaxKeys: 1, ContinuationToken: token }),
    );
    seen.push(...(page.Contents ?? []).map((object) => object.Key), ...(page.CommonPrefixes ?? []).map((common) => common.Prefix));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(seen).toEqual(['p/B', 'p/D', 'p/a', 'p/c/', 'p/d', 'p/\u{FF5E}', 'p/\u{1F600}']);
});

test('a multipart upload is one object whose ranges run across its parts', async () => {
  const body = randomBytes(11 * 1024 * 1024);
  const upload = new Upload({ client, params: { Bucket: 'plain', Key: 'multi', Body: Readable.from([body]) }, partSize: 5 * 1024 * 1024 });
  expect((await upload.done()).ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
  const start = 5 * 1024 * 1024 - 10;
  const got = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'multi', Range: `bytes=${start}-${start + 19}` }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body.subarray(start, start + 20))).toBe(true);
  expect(await client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'multi' }))).toMatchObject({ ContentLength: body.length });
});

test('a copy of one version keeps bytes and metadata', async () => {
  const Key = 'source é+.mp3';
  const Bucket = 'versioned';
  const { VersionId } = await client.send(
    new PutObjectCommand({ Bucket, Key, Body: 'old', ContentType: 'audio/mpeg', Metadata: { a: '1' } }),
  );
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'new' }));
  const CopySource = `${Bucket}/${encodeURIComponent(Key)}?versionId=${VersionId}`;
  const copied = await client.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'copy', CopySource }));
  expect(copied).toMatchObject({
    CopySourceVersionId: VersionId,
    CopyObjectResult: { ETag: `"${createHash('md5').update('old').digest('hex')}"` },
  });
  expect(await read('copy')).toMatchObject({ text: 'old', ContentType: 'audio/mpeg', Metadata: { a: '1' } });
});

test('a versioned bucket keeps what is replaced and what is deleted', async () => {
  const Bucket = 'versioned';
  const first = await put('kept', 'one', Bucket);
  await put('kept', 'two', Bucket);
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'kept' }));
  expect(marker.DeleteMarker).toBe(true);
  expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key: 'kept' })))).toBe('404 NoSuchKey');
  const old = await client.send(new GetObjectCommand({ Bucket, Key: 'kept', VersionId: first.VersionId }));
  expect(await old.Body?.transformToString()).toBe('one');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'kept', VersionId: marker.VersionId }));
  const restored = await client.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
  expect(await restored.Body?.transformToString()).toBe('two');
});

test('a presigned upload from a browser is taken with its metadata', async () => {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: 'plain', Key: 'signed up', Metadata: { by: 'x' } }));
  const answer = await fetch(url, { method: 'PUT', body: 'from a browser', headers: { origin: 'https://a.example.org' } });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'https://a.example.org']);
  expect(await read('signed up')).toMatchObject({ text: 'from a browser', Metadata: { by: 'x' } });
});

const ask = (origin: string) =>
  fetch(`${endpoint}/plain/x`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
  });

test('a preflight is answered by the rules of the bucket', async () => {
  expect((await ask('https://a.example.org')).headers.get('access-control-allow-headers')).toBe('content-type');
  expect((await ask('https://evil.org')).status).toBe(403);
});

test('an operation that is not served never touches the object', async () => {
  await put('tagged', 'original');
  const tagging = client.send(
    new PutObjectTaggingCommand({ Bucket: 'plain', Key: 'tagged', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
  );
  await expect(tagging).rejects.toThrow('PUT Object?tagging');
  expect((await read('tagged')).text).toBe('original');
});
