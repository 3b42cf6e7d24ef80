import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { createS3 } from '../../../local/s3/s3.ts';
import { BareCloud } from './bare-cloud.ts';

const bare = new BareCloud();
const { cloud } = bare;
const gateway = new Gateway({ store: bare.store, iam: cloud.iam, warn: () => undefined });
let client: S3Client;

beforeAll(async () => {
  const s3 = bare.add(createS3(cloud));
  gateway.add(s3.service);
  gateway.preflight = (request, response) => s3.preflight(request, response);
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  const credentials = cloud.iam.credentialsFor(cloud.iam.operator.arn);
  client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  await bare.deploy('AWS::S3::Bucket', 'plain', {});
});
afterAll(async () => {
  client.destroy();
  gateway.close();
  await bare.remove();
});

test.each(['a+b %20 é.mp3', '/leading', '../up/./x', "!'()*;:@&=$,", '日本'])(
  'the key %j is signed as the gateway reads it',
  async (Key) => {
    await client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: Key }));
    expect(await (await client.send(new GetObjectCommand({ Bucket: 'plain', Key }))).Body?.transformToString()).toBe(Key);
    // fetch resolves `..` in a URL before it sends it, as browsers do.
    if (Key.startsWith('..')) return;
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'plain', Key }));
    expect(await (await fetch(url)).text()).toBe(Key);
  },
);

const put = async (target: URL) => (await fetch(target, { method: 'PUT', body: 'x' })).status;

test('a presigned URL that was changed is refused, and so is no signature at all', async () => {
  const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket: 'plain', Key: 'mine' })));
  const unsigned = new URL(url.pathname, url);
  const other = new URL(url.href.replace('/mine', '/yours'));
  expect([await put(unsigned), await put(other), await put(url)]).toEqual([403, 403, 200]);
});

test('an upload that is refused in the middle still gets its answer', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'there', Body: 'x' }));
  const Body = Readable.from(
    (function* () {
      for (let chunk = 0; chunk < 20; chunk += 1) yield Buffer.alloc(1024 * 1024);
    })(),
  );
  const refused = client.send(
    new PutObjectCommand({ Bucket: 'plain', Key: 'there', Body, ContentLength: 20 * 1024 * 1024, IfNoneMatch: '*' }),
  );
  await expect(refused).rejects.toMatchObject({ name: 'PreconditionFailed' });
});
