import { afterEach, expect, test } from '@jest/globals';
import type { Members } from '../../../local/gateway/service.ts';
import { refuse, StepFunctionsCloud, type Script } from './step-functions-cloud.ts';

const clouds: StepFunctionsCloud[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});

/** Runs a machine of one task. */
async function runTask(resource: string, args: unknown, services: Readonly<Record<string, Script>>, allowed?: readonly string[]) {
  const cloud = await StepFunctionsCloud.open(services, allowed);
  clouds.push(cloud);
  const arn = await cloud.deploy({ Only: { Type: 'Task', Resource: resource, Arguments: args, End: true } });
  return { cloud, arn, ended: () => cloud.run(arn) };
}

const echo = ({ Payload }: Members): Members => ({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: `{"got":${Payload}}` });
const one = (): Members => ({ StatusCode: 200, Payload: '[1]' });
const output = (text: string | undefined): Members => JSON.parse(text ?? 'null');

test('lambda:invoke passes JSON both ways, with what AWS puts beside it', async () => {
  const { ended } = await runTask('arn:aws:states:::lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } }, { lambda: { Invoke: echo } });
  expect(output((await ended()).output)).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    Payload: { got: { a: 1 } },
    SdkHttpMetadata: { HttpStatusCode: 200 },
  });
});

test("a function's own ARN gives its result alone, with events of its own kind", async () => {
  const { ended } = await runTask('arn:aws:lambda:us-east-1:000000000000:function:f', { a: 1 }, { lambda: { Invoke: one } });
  const { output: text, events } = await ended();
  expect(text).toBe('[1]');
  expect(events.map(({ type }) => type).slice(2, 5)).toEqual([
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
  ]);
});

test('an error of a function is known by its own name, with its whole answer as the cause', async () => {
  const Payload = '{"errorType":"NoSpeechFoundError","errorMessage":"nobody spoke"}';
  const { ended } = await runTask(
    'arn:aws:states:::lambda:invoke',
    { FunctionName: 'f' },
    { lambda: { Invoke: () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload }) } },
  );
  expect(await ended()).toMatchObject({ status: 'FAILED', error: 'NoSpeechFoundError', cause: Payload });
});

test.each([
  ['arn:aws:states:::lambda:invoke', 'lambda', 'Invoke', 'ResourceNotFoundException', 'Lambda.ResourceNotFoundException'],
  ['arn:aws:states:::aws-sdk:s3:copyObject', 's3', 'CopyObject', 'NoSuchKey', 'S3.NoSuchKeyException'],
  ['arn:aws:states:::aws-sdk:s3:copyObject', 's3', 'CopyObject', 'SlowDown', 'S3.S3Exception'],
  ['arn:aws:states:::aws-sdk:dynamodb:putItem', 'dynamodb', 'PutItem', 'ValidationException', 'DynamoDb.DynamoDbException'],
  [
    'arn:aws:states:::dynamodb:putItem',
    'dynamodb',
    'PutItem',
    'ConditionalCheckFailedException',
    'DynamoDB.ConditionalCheckFailedException',
  ],
  ['arn:aws:states:::dynamodb:putItem', 'dynamodb', 'PutItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
  ['arn:aws:states:::mediaconvert:createJob.sync', 'mediaconvert', 'CreateJob', 'BadRequestException', 'MediaConvert.BadRequestException'],
])('%s names errors as AWS does: %s %s %s', async (resource, service, operation, code, name) => {
  const { ended } = await runTask(resource, { FunctionName: 'f' }, { [service]: { [operation]: refuse(code, 'no') } });
  expect(await ended()).toMatchObject({ status: 'FAILED', error: name, cause: expect.stringMatching(/^no \(Service: /) });
});

test("what the role may not do fails the task in AWS's words", async () => {
  const { ended } = await runTask('arn:aws:states:::aws-sdk:s3:copyObject', {}, { s3: { CopyObject: () => ({}) } }, ['lambda:*']);
  expect(await ended()).toMatchObject({
    error: 'S3.S3Exception',
    cause: expect.stringContaining(
      'role/workflow is not authorized to perform: s3:CopyObject on resource: * because no identity-based policy allows',
    ),
  });
});

test('an entry that EventBridge did not take fails events:putEvents, and details may be objects', async () => {
  const answers = [
    { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] },
    { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InvalidArgument' }] },
  ];
  const args = { Entries: [{ Source: 's', DetailType: 'd', Detail: { a: 1 } }] };
  const { cloud, arn } = await runTask('arn:aws:states:::events:putEvents', args, { events: { PutEvents: () => answers.shift() ?? {} } });
  const good = await cloud.run(arn);
  expect(cloud.calls[0]?.input).toEqual({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{"a":1}', Resources: [good.executionArn] }] });
  expect(good.status).toBe('SUCCEEDED');
  expect(await cloud.run(arn)).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' });
});

test('a MediaConvert job is waited for by its event and read by GetJob', async () => {
  const job: Members = { Id: 'job-1', Status: 'PROGRESSING' };
  const script = { CreateJob: () => ({ Job: { ...job } }), GetJob: () => ({ Job: { ...job } }) };
  const { cloud, arn } = await runTask(
    'arn:aws:states:::mediaconvert:createJob.sync',
    { Role: 'r', Settings: {} },
    { mediaconvert: script },
  );
  const submitted = cloud.part.onEvent(({ type }) => {
    if (type !== 'TaskSubmitted') return;
    submitted();
    job['Status'] = 'COMPLETE';
    cloud.cloudEvent('aws.mediaconvert', { jobId: 'job-1', status: 'COMPLETE' });
  });
  const { status, output: text } = await cloud.run(arn);
  expect([status, output(text)]).toEqual(['SUCCEEDED', { Job: { Id: 'job-1', Status: 'COMPLETE' } }]);
  expect(cloud.calls[0]?.input).toEqual({ Role: 'r', Settings: {}, Tags: { ManagedByService: 'AWSStepFunctions' } });
});

test('a container that ends with another code than 0 fails its task with the description as the cause', async () => {
  const started = { tasks: [{ taskArn: 'arn:task', lastStatus: 'PROVISIONING' }], failures: [] };
  const stopped = {
    taskArn: 'arn:task',
    lastStatus: 'STOPPED',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'embedding', exitCode: 1 }],
  };
  let task: Members = { taskArn: 'arn:task', lastStatus: 'RUNNING' };
  const script = { RunTask: () => started, DescribeTasks: () => ({ tasks: [task] }) };
  const { cloud, arn } = await runTask(
    'arn:aws:states:::ecs:runTask.sync',
    { Cluster: 'c', Overrides: { ContainerOverrides: [{ Name: 'embedding' }] } },
    { ecs: script },
  );
  const submitted = cloud.part.onEvent(({ type }) => {
    if (type !== 'TaskSubmitted') return;
    submitted();
    task = stopped;
    cloud.cloudEvent('aws.ecs', { taskArn: 'arn:task', lastStatus: 'STOPPED' });
  });
  const { error, cause } = await cloud.run(arn);
  expect(error).toBe('States.TaskFailed');
  expect(output(cause)).toMatchObject({
    TaskArn: 'arn:task',
    StoppedReason: 'Essential container in task exited',
    Containers: [{ ExitCode: 1 }],
  });
  expect(cloud.calls[0]?.input).toEqual({
    cluster: 'c',
    overrides: { containerOverrides: [{ name: 'embedding' }] },
    startedBy: 'AWS Step Functions',
  });
  expect(cloud.calls.find(({ operation }) => operation === 'DescribeTasks')?.input).toEqual({ cluster: 'c', tasks: ['arn:task'] });
});
