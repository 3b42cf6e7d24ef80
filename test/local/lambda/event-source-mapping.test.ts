import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openMessagingCloud, stateFolder, type MessagingCloud } from '../messaging-cloud.ts';
import { deployFunction, until } from './deploy-function.ts';

let cloud: MessagingCloud;
let folder: string;

beforeEach(async () => {
  folder = stateFolder();
  cloud = await openMessagingCloud({ folder, retryDelaysSeconds: [0, 0] });
});
afterEach(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const receive = async (url: string) => {
  const { Messages = [] } = await new SQSClient(cloud.client).send(
    new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return Messages;
};

/** A queue that feeds a function, which writes down each delivery (`body receiptHandle`) and then does `rest`; two deliveries make a dead letter. */
async function feedFunction(rest: string, mapping: Record<string, unknown> = {}) {
  const dead = await cloud.deploy('AWS::SQS::Queue', 'dead', {});
  const queue = await cloud.deploy('AWS::SQS::Queue', 'work', {
    VisibilityTimeout: 600,
    RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 },
  });
  const journal = join(folder, 'journal');
  const { arn } = await deployFunction(
    cloud,
    'worker',
    `import { appendFileSync } from 'node:fs';
     export const handler = async ({ Records }) => {
       for (const { body, receiptHandle } of Records) appendFileSync(${JSON.stringify(journal)}, body + ' ' + receiptHandle + '\\n');
       ${rest}
     };`,
  );
  await cloud.deploy('AWS::Lambda::EventSourceMapping', 'Mapping', { EventSourceArn: queue.arn, FunctionName: arn, ...mapping });
  const client = new SQSClient(cloud.client);
  const deliveriesOf = (body: string): string[] => {
    const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
    return lines.filter((line) => line.startsWith(`${body} `)).map((line) => line.slice(body.length + 1));
  };
  return {
    dead,
    deliveriesOf,
    send: (body: string) => client.send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: body })),
    /** Waits for a delivery that fails, then ends its visibility timeout. */
    showAgainAfter: async (body: string, deliveries: number) => {
      await until(() => deliveriesOf(body).length === deliveries);
      const ReceiptHandle = deliveriesOf(body).at(-1);
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.ref, ReceiptHandle, VisibilityTimeout: 0 }));
    },
  };
}

test('of a batch only the reported message is delivered again, and ends in the dead-letter queue; the good ones are gone', async () => {
  const { dead, deliveriesOf, send, showAgainAfter } = await feedFunction(
    `return { batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
    { FunctionResponseTypes: ['ReportBatchItemFailures'] },
  );
  for (const body of ['good', 'bad', 'fine']) await send(body);
  await cloud.start();
  await showAgainAfter('bad', 1);
  await showAgainAfter('bad', 2);
  expect((await receive(dead.ref)).map(({ Body }) => Body)).toEqual(['bad']);
  expect(['good', 'bad', 'fine'].map((body) => deliveriesOf(body).length)).toEqual([1, 2, 1]);
});

test('a batch whose function fails returns as a whole', async () => {
  const { dead, deliveriesOf, send, showAgainAfter } = await feedFunction(`throw new Error('no');`);
  for (const body of ['one', 'two']) await send(body);
  await cloud.start();
  for (const deliveries of [1, 2]) for (const body of ['one', 'two']) await showAgainAfter(body, deliveries);
  const letters = await receive(dead.ref);
  if (letters.length < 2) letters.push(...(await receive(dead.ref)));
  expect(letters.map(({ Body }) => Body).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['one', 'two']);
  expect(['one', 'two'].map((body) => deliveriesOf(body).length)).toEqual([2, 2]);
});

test('a message that was in hand at a crash is delivered again at the next start, uncounted', async () => {
  const begun = join(folder, 'begun');
  const code = `import { existsSync, writeFileSync } from 'node:fs';
     export const handler = async ({ Records }) => {
       if (!existsSync(${JSON.stringify(begun)})) { writeFileSync(${JSON.stringify(begun)}, ''); console.log('begun'); await new Promise((r) => setTimeout(r, 1e6)); }
       writeFileSync(${JSON.stringify(`${begun}-again`)}, Records[0].attributes.ApproximateReceiveCount);
     };`;
  const long = { VisibilityTimeout: 600 };
  const deployAll = async (on: MessagingCloud) => {
    const queue = await on.deploy('AWS::SQS::Queue', 'work', long);
    const { arn } = await deployFunction(on, 'worker', code, { Timeout: 600 });
    await on.deploy('AWS::Lambda::EventSourceMapping', 'Mapping', { EventSourceArn: queue.arn, FunctionName: arn });
    await on.start();
    return queue;
  };
  const { ref } = await deployAll(cloud);
  await new SQSClient(cloud.client).send(new SendMessageCommand({ QueueUrl: ref, MessageBody: 'x' }));
  await until(() => existsSync(begun));
  await cloud.stop();
  cloud = await openMessagingCloud({ folder });
  await deployAll(cloud);
  await until(() => existsSync(`${begun}-again`) && readFileSync(`${begun}-again`, 'utf8') !== '');
  expect(readFileSync(`${begun}-again`, 'utf8')).toBe('1');
});

test('a mapping whose function may not read the queue does not start', async () => {
  const queue = await cloud.deploy('AWS::SQS::Queue', 'work', {});
  const { arn } = await deployFunction(cloud, 'worker', `export const handler = () => {};`, {}, ['s3:GetObject']);
  await cloud.deploy('AWS::Lambda::EventSourceMapping', 'Mapping', { EventSourceArn: queue.arn, FunctionName: arn });
  await expect(cloud.start()).rejects.toThrow('sqs:ReceiveMessage');
});
