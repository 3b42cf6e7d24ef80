import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
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

test('a failing asynchronous invocation is tried three times, then lies in the dead-letter queue', async () => {
  const tries = join(folder, 'tries');
  const dead = await cloud.deploy('AWS::SQS::Queue', 'dead', {});
  await deployFunction(
    cloud,
    'recorder',
    `import { appendFileSync } from 'node:fs';
     export const handler = async (event, { awsRequestId }) => { appendFileSync(${JSON.stringify(tries)}, awsRequestId + '\\n'); throw new Error('still down'); };`,
    { DeadLetterConfig: { TargetArn: dead.arn } },
  );
  await cloud.start();
  const { StatusCode } = await new LambdaClient(cloud.client).send(
    new InvokeCommand({ FunctionName: 'recorder', InvocationType: 'Event', Payload: '{"n":1}' }),
  );
  expect(StatusCode).toBe(202);
  const [letter] = await receive(dead.ref);
  const requestIds = readFileSync(tries, 'utf8').trim().split('\n');
  expect([requestIds.length, new Set(requestIds).size]).toEqual([3, 1]);
  expect(letter?.Body).toBe('{"n":1}');
  expect(letter?.MessageAttributes).toMatchObject({
    RequestID: { StringValue: requestIds[0] },
    ErrorCode: { StringValue: '200' },
    ErrorMessage: { StringValue: 'still down' },
  });
});

test('an event for a function is kept with the write that raised it, and runs after a crash', async () => {
  const done = join(folder, 'done');
  const code = `import { appendFileSync } from 'node:fs'; export const handler = async (event) => appendFileSync(${JSON.stringify(done)}, event.detail.n + '\\n');`;
  const deployAll = async (on: MessagingCloud) => {
    const { arn } = await deployFunction(on, 'listener', code);
    await on.deploy('AWS::Events::Rule', 'Rule', { EventPattern: { source: ['pulpit'] }, Targets: [{ Id: 'a', Arn: arn }] });
  };
  await deployAll(cloud);
  cloud.cloud.events.publish({ source: 'pulpit', detailType: 'x', detail: { n: 7 } });
  await cloud.stop();
  cloud = await openMessagingCloud({ folder });
  await deployAll(cloud);
  await cloud.start();
  await until(() => cloud.cloud.store.prepare('select count(*) as n from lambda_async').get()?.['n'] === 0);
  expect(readFileSync(done, 'utf8')).toBe('7\n');
});
