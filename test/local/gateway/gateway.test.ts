import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { awsJson } from '../../../local/gateway/codecs/aws-json.ts';
import { restJson } from '../../../local/gateway/codecs/rest-json.ts';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { Iam } from '../../../local/gateway/iam/iam.ts';
import type { Members, Operation } from '../../../local/gateway/service.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const store = new Store({ folder: tempFolder() });
const iam = new Iam(store, '000000000000');
const warnings: string[] = [];
const gateway = new Gateway({ store, iam, warn: (message, fields) => warnings.push(`${message} ${JSON.stringify(fields)}`) });
let endpoint: string;

const answering = (action: string, run: (input: Members) => Members): Operation => ({
  permissions: () => [{ action, resource: '*' }],
  run,
});

beforeAll(async () => {
  gateway.add({
    signingName: 'sqs',
    codec: awsJson({ targetPrefix: 'AmazonSQS', version: '1.0' }),
    operations: { GetQueueUrl: answering('sqs:GetQueueUrl', ({ QueueName }) => ({ QueueUrl: `http://q/${QueueName}` })) },
  });
  gateway.add({
    signingName: 's3',
    codec: restJson([{ method: 'GET', path: '/{Bucket}/{Key+}', operation: 'GetObject', encode: ({ Body }) => ({ body: Body }) }]),
    operations: { GetObject: answering('s3:GetObject', ({ Key }) => ({ Body: `<${Key}>` })) },
  });
  endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
});

afterAll(() => {
  gateway.close();
  store.close();
});

const clientFor = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});
const operator = () => clientFor(iam.credentialsFor(iam.operator.arn));

test('a signed call of the operator is answered', async () => {
  await expect(new SQSClient(operator()).send(new GetQueueUrlCommand({ QueueName: 'a' }))).resolves.toMatchObject({
    QueueUrl: 'http://q/a',
  });
});

test('a wrong secret is refused', async () => {
  const forged = { ...iam.credentialsFor(iam.operator.arn), secretAccessKey: 'wrong' };
  await expect(new SQSClient(clientFor(forged)).send(new GetQueueUrlCommand({ QueueName: 'a' }))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
});

test('a key that was never issued is refused', async () => {
  const unknown = clientFor({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' });
  await expect(new SQSClient(unknown).send(new GetQueueUrlCommand({ QueueName: 'a' }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test('a role may do what its policies allow and nothing else', async () => {
  const arn = iam.defineRole('asker');
  const client = new SQSClient(clientFor(iam.credentialsFor(arn)));
  const ask = () => client.send(new GetQueueUrlCommand({ QueueName: 'a' }));
  await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  iam.attachPolicy('asker', 'p', { Statement: { Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: '*' } });
  await expect(ask()).resolves.toMatchObject({ QueueUrl: 'http://q/a' });
});

test('an operation that is not served is refused and logged by name', async () => {
  await expect(new SQSClient(operator()).send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  expect(warnings.join('\n')).toContain('ListQueues');
});

test('an unsigned request is refused', async () => {
  expect((await fetch(`${endpoint}/bucket/key`)).status).toBe(403);
});

test.each(['a+b %20 é.mp3', 'plain/deep/key.mp3', "quotes'(and)*stars!", '~tilde&=?#'])(
  'a presigned URL of the key %s opens it',
  async (Key) => {
    const url = await getSignedUrl(new S3Client(operator()), new GetObjectCommand({ Bucket: 'bucket', Key }), { expiresIn: 60 });
    expect(await (await fetch(url)).text()).toBe(`<${Key}>`);
  },
);

test('a presigned URL for another key, or past its time, is refused', async () => {
  const client = new S3Client(operator());
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'bucket', Key: 'mine' }), { expiresIn: 60 });
  expect((await fetch(url.replace('mine', 'yours'))).status).toBe(403);
  const old = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'bucket', Key: 'mine' }), {
    expiresIn: 60,
    signingDate: new Date(Date.now() - 120_000),
  });
  expect((await fetch(old)).status).toBe(403);
});

test('headers that choose what is done must be signed: nobody turns a presigned URL into another call', async () => {
  const url = await getSignedUrl(new S3Client(operator()), new GetObjectCommand({ Bucket: 'bucket', Key: 'mine' }), { expiresIn: 60 });
  const answer = await fetch(url, { headers: { 'x-amz-copy-source': 'other/secret' } });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('x-amz-copy-source');
});

test('a port in use is told in one sentence with the setting that changes it', async () => {
  const other = new Gateway({ store, iam, warn: () => undefined });
  await expect(other.listen(Number(new URL(endpoint).port))).rejects.toThrow(
    /port \d+ is in use; stop the other program or set PULPIT_PORT/,
  );
});
