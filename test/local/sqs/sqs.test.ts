import { rmSync } from 'node:fs';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openMessagingCloud, stateFolder, type MessagingCloud } from '../messaging-cloud.ts';

let cloud: MessagingCloud;
let sqs: SQSClient;
const folder = stateFolder();

beforeEach(async () => {
  cloud = await openMessagingCloud();
  sqs = new SQSClient(cloud.client);
});
afterEach(async () => {
  sqs.destroy();
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const makeQueue = async (name: string, properties: Record<string, unknown> = {}, on = cloud) => {
  const { ref, arn } = await on.deploy('AWS::SQS::Queue', name, properties);
  return { url: ref, arn };
};
const send = (url: string, body: string, DelaySeconds?: number) =>
  sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...(DelaySeconds !== undefined && { DelaySeconds }) }));
const receive = async (url: string, more: object = {}): Promise<Message[]> =>
  (
    await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'], ...more }),
    )
  ).Messages ?? [];
const counts = async (url: string) => {
  const { Attributes: found = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return [
    found['ApproximateNumberOfMessages'],
    found['ApproximateNumberOfMessagesNotVisible'],
    found['ApproximateNumberOfMessagesDelayed'],
  ].map(Number);
};

test('a message arrives as it was sent, with checksums that the SDK accepts', async () => {
  const { url } = await makeQueue('inbox');
  const attributes = {
    Speaker: { DataType: 'String', StringValue: 'J. Wesley' },
    Digest: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
  };
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'Grace & peace – “ü”', MessageAttributes: attributes }));
  const [message] = await receive(url);
  expect(message).toMatchObject({
    MessageId: sent.MessageId,
    Body: 'Grace & peace – “ü”',
    MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
  });
  expect(message?.MessageAttributes?.['Digest']?.BinaryValue).toEqual(new Uint8Array([0, 255]));
});

test('the checksum of attributes is the one of the developer guide’s algorithm', async () => {
  const { md5OfAttributes } = await import('../../../local/sqs/message-attributes.ts');
  // Seen from AWS in the tests of moto (one String attribute `timestamp`).
  expect(md5OfAttributes({ timestamp: { dataType: 'Number.java.lang.Long', stringValue: '1493147359900' } })).toBe(
    '2e2e4876d8e0bd6b8c2c8f556831c349',
  );
});

test('a poison message reaches the dead-letter queue after exactly maxReceiveCount deliveries, a good one never', async () => {
  const dead = await makeQueue('dead');
  const { url } = await makeQueue('work', { RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 3 } });
  await send(url, 'poison');
  await send(url, 'good');
  const deliveries: (string | undefined)[] = [];
  for (let round = 0; round < 5; round += 1) {
    for (const message of await receive(url, { MaxNumberOfMessages: 10, VisibilityTimeout: 0 })) {
      deliveries.push(message.Body);
      if (message.Body === 'good') await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
    }
  }
  expect(deliveries.filter((body) => body === 'good')).toHaveLength(1);
  expect(deliveries.filter((body) => body === 'poison')).toHaveLength(3);
  expect(await counts(url)).toEqual([0, 0, 0]);
  const [letter, ...others] = await receive(dead.url, { MaxNumberOfMessages: 10 });
  expect([letter?.Body, others]).toEqual(['poison', []]);
});

test('dead letters go back to the queue they came from', async () => {
  const dead = await makeQueue('dead');
  const { url } = await makeQueue('work', { RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 } });
  await send(url, 'again');
  await receive(url, { VisibilityTimeout: 0 });
  await receive(url);
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
  expect((await receive(url)).map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount])).toEqual([['again', '1']]);
});

test('a long poll wakes when a message is sent, and when a delay or a visibility timeout ends', async () => {
  const { url } = await makeQueue('inbox');
  const waiting = receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 1 });
  await send(url, 'now');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['now']);
  // Hidden for a second: the next poll sleeps until then.
  const again = await receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 600 });
  expect(again.map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(['2']);
  await send(url, 'later', 1);
  expect(await counts(url)).toEqual([0, 1, 1]);
  expect((await receive(url, { WaitTimeSeconds: 20 })).map(({ Body }) => Body)).toEqual(['later']);
});

test('a message in flight shows at once when its visibility timeout is set to 0, and an outworn receipt cannot delete it', async () => {
  const { url } = await makeQueue('inbox');
  await send(url, 'one');
  const [first] = await receive(url);
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }));
  expect(await counts(url)).toEqual([1, 0, 0]);
  const [second] = await receive(url);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect(await counts(url)).toEqual([0, 1, 0]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('an entry of a batch that fails leaves the others alone', async () => {
  const { url } = await makeQueue('inbox', { MaximumMessageSize: 1024 });
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: 'short' },
        { Id: 'b', MessageBody: 'x'.repeat(1025) },
      ],
    }),
  );
  expect([sent.Successful?.map(({ Id }) => Id), sent.Failed?.map(({ Id }) => Id)]).toEqual([['a'], ['b']]);
  const [message] = await receive(url);
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', ReceiptHandle: message?.ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect([deleted.Successful?.map(({ Id }) => Id), deleted.Failed?.map(({ Code }) => Code)]).toEqual([['a'], ['ReceiptHandleIsInvalid']]);
});

test('an unknown queue is an error by name, a FIFO queue is refused', async () => {
  await expect(send(`${cloud.client.endpoint}/000000000000/nowhere`, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(makeQueue('order.fifo', { FifoQueue: true })).rejects.toThrow('FIFO');
});

test('a crash loses and doubles nothing: what was sent is there, what was received stays hidden, what was deleted stays away', async () => {
  const first = await openMessagingCloud({ folder });
  const { url } = await makeQueue('inbox', {}, first);
  const before = new SQSClient(first.client);
  for (const body of ['kept', 'held', 'deleted']) await before.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  const { Messages: held = [] } = await before.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
  for (const { Body, ReceiptHandle } of held) {
    if (Body === 'deleted') await before.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    if (Body === 'kept') await before.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  await first.stop();
  const second = await openMessagingCloud({ folder });
  const { url: sameQueue } = await makeQueue('inbox', {}, second);
  const after = new SQSClient(second.client);
  const { Messages: found = [] } = await after.send(new ReceiveMessageCommand({ QueueUrl: sameQueue, MaxNumberOfMessages: 10 }));
  expect(found.map(({ Body }) => Body)).toEqual(['kept']);
  await second.stop();
});
