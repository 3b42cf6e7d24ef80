import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from '@jest/globals';
import { StepFunctionsCloud } from './step-functions-cloud.ts';

const clouds: StepFunctionsCloud[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});

async function open(...args: Parameters<typeof StepFunctionsCloud.open>): Promise<StepFunctionsCloud> {
  const cloud = await StepFunctionsCloud.open(...args);
  clouds.push(cloud);
  return cloud;
}

const PASS = { Only: { Type: 'Pass', End: true } };
const WAIT = { Only: { Type: 'Wait', Seconds: 3600, End: true } };
const TOKEN_TASK = {
  Only: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
    End: true,
  },
};

test('one name starts one execution, and the same start again is answered the same while it runs', async () => {
  const { client, deploy } = await bound(WAIT);
  const stateMachineArn = await deploy();
  const start = { stateMachineArn, name: 'run-1', input: '{"a":1}' };
  const first = await client.send(new StartExecutionCommand(start));
  expect(await client.send(new StartExecutionCommand(start))).toMatchObject({
    executionArn: first.executionArn,
    startDate: first.startDate,
  });
  await expect(client.send(new StartExecutionCommand({ ...start, input: '{"a":2}' }))).rejects.toMatchObject({
    name: 'ExecutionAlreadyExists',
  });
  await client.send(new StopExecutionCommand({ executionArn: first.executionArn, error: 'Superseded', cause: 'newer' }));
  await expect(client.send(new StartExecutionCommand(start))).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  expect(await client.send(new DescribeExecutionCommand({ executionArn: first.executionArn }))).toMatchObject({
    status: 'ABORTED',
    error: 'Superseded',
    cause: 'newer',
    redriveStatus: 'REDRIVABLE',
  });
});

test('a start that AWS would refuse is refused by AWS names', async () => {
  const { client, deploy } = await bound(PASS);
  const stateMachineArn = await deploy();
  const start = (more: object) => client.send(new StartExecutionCommand({ stateMachineArn, ...more }));
  await expect(start({ name: 'has space' })).rejects.toMatchObject({ name: 'InvalidName' });
  await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  await expect(start({ stateMachineArn: `${stateMachineArn}x` })).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  await expect(client.send(new DescribeExecutionCommand({ executionArn: 'arn:nothing' }))).rejects.toMatchObject({
    name: 'ExecutionDoesNotExist',
  });
});

test('a history is read in pages, from both ends, and without its data', async () => {
  const { client, cloud, deploy } = await bound(PASS);
  const { executionArn, events } = await cloud.run(await deploy(), { a: 1 });
  expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  expect(events[1]).toMatchObject({
    id: 2,
    previousEventId: 0,
    stateEnteredEventDetails: { name: 'Only', input: '{"a":1}', inputDetails: { truncated: false } },
  });
  const first = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 3, reverseOrder: true }));
  expect(first.events?.map(({ id }) => id)).toEqual([4, 3, 2]);
  const rest = await client.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 3, reverseOrder: true, nextToken: first.nextToken }),
  );
  expect(rest.events?.map(({ id }) => id)).toEqual([1]);
  expect(rest.nextToken).toBeUndefined();
  const bare = await client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
  expect(bare.events?.[1]?.stateEnteredEventDetails?.input).toBeUndefined();
});

test('executions and state machines are listed and described', async () => {
  const { client, cloud, deploy } = await bound(PASS);
  const stateMachineArn = await deploy();
  const { executionArn } = await cloud.run(stateMachineArn);
  const list = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
  expect(list.executions).toMatchObject([{ executionArn, status: 'SUCCEEDED', redriveCount: 0 }]);
  expect((await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }))).executions).toEqual([]);
  expect((await client.send(new ListStateMachinesCommand({}))).stateMachines).toMatchObject([{ name: 'machine', type: 'STANDARD' }]);
  const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }))).toMatchObject({
    definition: described.definition,
    roleArn: described.roleArn,
  });
});

test('only what failed, timed out or was aborted can be redriven, once for one client token', async () => {
  const { client, cloud, deploy } = await bound({ No: { Type: 'Fail', Error: 'Never' } });
  const { executionArn } = await cloud.run(await deploy());
  const redrive = { executionArn, clientToken: 'one-redrive-of-this-run' };
  const first = await client.send(new RedriveExecutionCommand(redrive));
  expect(await client.send(new RedriveExecutionCommand(redrive))).toMatchObject({ redriveDate: first.redriveDate });
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ redriveCount: 1, status: 'FAILED' });
  const passing = await bound(PASS);
  const { executionArn: good } = await passing.cloud.run(await passing.deploy());
  await expect(passing.client.send(new RedriveExecutionCommand({ executionArn: good }))).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
  });
});

test('a task token is answered once; afterwards it has timed out, and text that never was one is invalid', async () => {
  const tokens: string[] = [];
  const invoke = (input: Record<string, unknown>) => (
    tokens.push(JSON.parse(String(input['Payload']))),
    { StatusCode: 200, Payload: 'null' }
  );
  const { client, cloud, deploy } = await bound(TOKEN_TASK, { lambda: { Invoke: invoke } });
  const stateMachineArn = await deploy();
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  await new Promise<void>((resolve) => cloud.part.onEvent(({ type }) => type === 'TaskSubmitted' && resolve()));
  const [taskToken] = tokens;
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"transcriptionKey":"k"}' }));
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"transcriptionKey":"k"}',
  });
  await expect(client.send(new SendTaskFailureCommand({ taskToken }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
  await expect(client.send(new SendTaskFailureCommand({ taskToken: 'nonsense' }))).rejects.toMatchObject({ name: 'InvalidToken' });
});

test('every status is published as AWS documents the event', async () => {
  const { cloud, deploy } = await bound({ No: { Type: 'Fail', Error: 'Never', Cause: 'said so' } });
  const { executionArn } = await cloud.run(await deploy(), { a: 1 });
  expect(cloud.published.map(({ detailType, detail }) => [detailType, detail['status']])).toEqual([
    ['Step Functions Execution Status Change', 'RUNNING'],
    ['Step Functions Execution Status Change', 'FAILED'],
  ]);
  expect(cloud.published[1]).toMatchObject({
    source: 'aws.states',
    resources: [executionArn],
    detail: { executionArn, error: 'Never', cause: 'said so', input: '{"a":1}', output: null, redriveStatus: 'REDRIVABLE' },
  });
});

test('a role may do what its policy says on the right resource, and no more', async () => {
  const { cloud, deploy } = await bound(WAIT);
  const stateMachineArn = await deploy();
  const role = cloud.iam.defineRole('starter');
  cloud.iam.attachPolicy('starter', 'inline', {
    Statement: [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: stateMachineArn }],
  });
  const { accessKeyId, secretAccessKey } = cloud.iam.credentialsFor(role);
  const starter = new SFNClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
  const { executionArn } = await starter.send(new StartExecutionCommand({ stateMachineArn }));
  await expect(starter.send(new StopExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`states:StopExecution on resource: ${executionArn}`),
  });
  starter.destroy();
});

test('an execution keeps the definition it started with', async () => {
  const { client, cloud, deploy } = await bound({ No: { Type: 'Fail', Error: 'Old' } });
  const { executionArn } = await cloud.run(await deploy());
  await cloud.deploy({ No: { Type: 'Fail', Error: 'New' } });
  await client.send(new RedriveExecutionCommand({ executionArn }));
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ error: 'Old', redriveCount: 1 });
});

async function bound(states: Record<string, unknown>, services: Parameters<typeof StepFunctionsCloud.open>[0] = {}) {
  const cloud = await open(services);
  return { cloud, client: cloud.client, deploy: () => cloud.deploy(states) };
}
