import { rmSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openMessagingCloud, stateFolder, type MessagingCloud } from '../messaging-cloud.ts';

let cloud: MessagingCloud;
const folder = stateFolder();

beforeEach(async () => {
  cloud = await openMessagingCloud();
});
afterEach(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const queue = async (name: string, on = cloud) => on.deploy('AWS::SQS::Queue', name, {});
const bodies = async (url: string, on = cloud) => {
  const { Messages = [] } = await on.cloud.call(on.cloud.iam.operator, 'sqs', 'ReceiveMessage', {
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  return Messages.map((message: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }) => ({
    body: JSON.parse(message.Body),
    attributes: Object.fromEntries(Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue])),
  }));
};

test('a matching event reaches the queue of the rule in EventBridge’s envelope, another does not', async () => {
  const inbox = await queue('inbox');
  await cloud.deploy('AWS::Events::Rule', 'Uploads', { EventPattern: { source: ['pulpit'] }, Targets: [{ Id: 'a', Arn: inbox.arn }] });
  const client = new EventBridgeClient(cloud.client);
  const { Entries, FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'pulpit',
          DetailType: 'Sermon Published',
          Detail: '{"sermonId":"s"}',
          Resources: ['arn:x'],
          Time: new Date('2026-01-02T03:04:05.678Z'),
        },
        { Source: 'other', DetailType: 'Sermon Published', Detail: '{}' },
        { Source: 'pulpit', DetailType: 'Sermon Published', Detail: 'not JSON' },
        { Source: 'aws.s3', DetailType: 'Object Created', Detail: '{}' },
      ],
    }),
  );
  expect([FailedEntryCount, Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([
    2,
    [undefined, undefined, 'MalformedDetail', 'NotAuthorizedForSource'],
  ]);
  expect(await bodies(inbox.ref)).toEqual([
    {
      attributes: {},
      body: {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'Sermon Published',
        source: 'pulpit',
        account: '000000000000',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { sermonId: 's' },
      },
    },
  ]);
});

test('an event that its target cannot take goes to the target’s dead-letter queue and says why', async () => {
  const dead = await queue('dead');
  const target = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
  const rule = await cloud.deploy('AWS::Events::Rule', 'Uploads', {
    EventPattern: { source: ['pulpit'] },
    Targets: [{ Id: 'a', Arn: target, DeadLetterConfig: { Arn: dead.arn } }],
  });
  cloud.cloud.events.publish({ source: 'pulpit', detailType: 'x', detail: { n: 1 } });
  const [letter] = await bodies(dead.ref);
  expect(letter.body.detail).toEqual({ n: 1 });
  expect(letter.attributes).toEqual({
    RULE_ARN: rule.arn,
    TARGET_ARN: target,
    ERROR_CODE: 'NO_RESOURCE',
    ERROR_MESSAGE: 'The specified queue does not exist.',
    RETRY_ATTEMPTS: '0',
  });
});

test('an event and the write that raised it are one: when the write fails, nothing is delivered', async () => {
  const inbox = await queue('inbox');
  await cloud.deploy('AWS::Events::Rule', 'All', { EventPattern: { source: ['pulpit'] }, Targets: [{ Id: 'a', Arn: inbox.arn }] });
  const seen: unknown[] = [];
  cloud.cloud.events.listen('pulpit', ({ detail }) => seen.push(detail));
  const write = (fails: boolean) =>
    cloud.cloud.store.write(() => {
      cloud.cloud.events.publish({ source: 'pulpit', detailType: 'x', detail: { fails } });
      if (fails) throw new Error('no room');
    });
  expect(() => write(true)).toThrow('no room');
  write(false);
  expect((await bodies(inbox.ref)).map(({ body }: { body: { detail: unknown } }) => body.detail)).toEqual([{ fails: false }]);
  expect(seen).toEqual([{ fails: true }, { fails: false }]);
});

test('a rule on a named bus hears that bus only', async () => {
  const inbox = await queue('inbox');
  await cloud.deploy('AWS::Events::EventBus', 'Bus', { Name: 'sermons' });
  const { ref } = await cloud.deploy('AWS::Events::Rule', 'All', {
    EventBusName: 'sermons',
    EventPattern: { source: ['pulpit'] },
    Targets: [{ Id: 'a', Arn: inbox.arn }],
  });
  cloud.cloud.events.publish({ source: 'pulpit', detailType: 'default', detail: {} });
  cloud.cloud.events.publish({ source: 'pulpit', detailType: 'named', detail: {}, bus: 'sermons' });
  expect((await bodies(inbox.ref)).map(({ body }: { body: Record<string, unknown> }) => body['detail-type'])).toEqual(['named']);
  expect(ref).toBe('sermons|all');
  expect(() => cloud.cloud.events.publish({ source: 'pulpit', detailType: 'x', detail: {}, bus: 'none' })).toThrow('does not exist');
});

const startReconciling = async (on: MessagingCloud) => {
  const inbox = await queue('inbox', on);
  const rule = await on.deploy('AWS::Events::Rule', 'Reconcile', {
    ScheduleExpression: 'rate(5 minutes)',
    Targets: [{ Id: 'a', Arn: inbox.arn }],
  });
  await on.start();
  return { inbox, rule };
};

test('a schedule that fell due while nothing ran fires once at the next start, and then keeps its beat', async () => {
  const first = await openMessagingCloud({ folder });
  await startReconciling(first);
  // As if the machine had slept for 23 minutes.
  const missedAt = Date.now() - 23 * 60_000;
  first.cloud.store.write(() => first.cloud.store.prepare('update events_schedule set due_at = ?').run(missedAt));
  await first.stop();

  const second = await openMessagingCloud({ folder });
  const { inbox, rule } = await startReconciling(second);
  const { Messages } = await second.cloud.call(second.cloud.iam.operator, 'sqs', 'ReceiveMessage', {
    QueueUrl: inbox.ref,
    WaitTimeSeconds: 20,
  });
  expect(Messages.map(({ Body }: { Body: string }) => JSON.parse(Body))).toMatchObject([
    { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [rule.arn], detail: {} },
  ]);
  expect(await bodies(inbox.ref, second)).toEqual([]);
  expect(second.cloud.store.prepare('select due_at from events_schedule').get()?.['due_at']).toBe(missedAt + 25 * 60_000);
  await second.stop();
});

test.each([
  [{ ScheduleExpression: 'cron(0 12 * * ? *)' }, 'cron(0 12 * * ? *)'],
  [
    { EventPattern: { source: ['x'] }, Targets: [{ Id: 'a', Arn: 'arn:aws:sns:us-east-1:000000000000:topic' }] },
    'neither a queue nor a function',
  ],
])('a rule that cannot be served is refused at deployment: %j', async (properties, message) => {
  await expect(cloud.deploy('AWS::Events::Rule', 'R', properties)).rejects.toThrow(message);
});
