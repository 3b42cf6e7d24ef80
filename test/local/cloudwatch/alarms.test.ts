import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { alarmFrom } from '../../../local/cloudwatch/alarm.ts';
import { createCloudWatch, type CloudWatch } from '../../../local/cloudwatch/cloudwatch.ts';
import { evaluateAlarm } from '../../../local/cloudwatch/evaluate-alarm.ts';
import type { MetricMinute } from '../../../local/observability/metric-table.ts';
import { createSns } from '../../../local/sns/sns.ts';
import { openMessagingCloud, type MessagingCloud } from '../messaging-cloud.ts';

const properties = {
  AlarmName: 'dead-letters',
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: 'deadletters' }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};
const request = (changes: Record<string, unknown>) => ({
  type: 'AWS::CloudWatch::Alarm',
  stackName: 'Test',
  logicalId: 'Alarm',
  physicalName: 'alarm',
  properties: { ...properties, ...changes },
});

let cloud: MessagingCloud;
let cloudWatch: CloudWatch;
beforeEach(async () => {
  cloud = await openMessagingCloud();
  const { observability, sqs } = cloud;
  const topics = createSns(cloud.cloud, observability);
  cloudWatch = createCloudWatch(cloud.cloud, { observability, queues: sqs.queues, topics });
  const topic = await topics.resources?.['AWS::SNS::Topic']?.({ ...request({}), physicalName: 'page', properties: {} });
  const { arn } = await cloud.deploy('AWS::SQS::Queue', 'DeadLetters', {});
  await cloud.deploy('AWS::SQS::Queue', 'Uploads', {
    RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 1 },
    VisibilityTimeout: 0,
  });
  await cloudWatch.resources?.['AWS::CloudWatch::Alarm']?.(request({ AlarmActions: [topic?.ref], OKActions: [topic?.ref] }));
});
afterEach(() => cloud.stop());

const operator = (operation: string, input: Record<string, unknown>) => cloud.cloud.call(cloud.cloud.iam.operator, 'sqs', operation, input);
const urlOf = (name: string): string => `${cloud.cloud.endpoint}/000000000000/${name}`;
const described = async () => (await cloudWatch.service?.operations['DescribeAlarms']?.run({}, cloud.cloud.iam.operator))?.['MetricAlarms'];

const minute = (count: number): number => Date.now() + count * 60_000;

test('a poison message raises the alarm of its dead-letter queue, and purging ends it', async () => {
  expect(cloudWatch.evaluate(minute(0))).toMatchObject([{ after: 'OK' }]);
  await operator('SendMessage', { QueueUrl: urlOf('uploads'), MessageBody: 'poison' });
  // The second receive finds it worn out and hands it over.
  await operator('ReceiveMessage', { QueueUrl: urlOf('uploads'), VisibilityTimeout: 0 });
  await operator('ReceiveMessage', { QueueUrl: urlOf('uploads'), VisibilityTimeout: 0 });
  expect(cloudWatch.evaluate(minute(1))).toMatchObject([{ before: 'OK', after: 'ALARM' }]);
  expect(await described()).toMatchObject([
    { AlarmName: 'dead-letters', StateValue: 'ALARM', StateReason: expect.stringContaining('was 1 ') },
  ]);
  expect(cloudWatch.evaluate(minute(2))).toEqual([]);
  await operator('PurgeQueue', { QueueUrl: urlOf('deadletters') });
  expect(cloudWatch.evaluate(minute(3))).toMatchObject([{ before: 'ALARM', after: 'OK' }]);
  expect(cloud.warnings).toEqual(['alarm dead-letters: OK -> ALARM', 'alarm dead-letters: ALARM -> OK']);
  const told = await cloud.cloud.call(cloud.cloud.iam.operator, 'logs', 'FilterLogEvents', { logGroupName: '/pulpit/sns/page' });
  expect(told['events'].map(({ message }: { message: string }) => JSON.parse(message).subject)).toEqual([
    'ALARM: "dead-letters" in the local cloud',
    'OK: "dead-letters" in the local cloud',
  ]);
});

test('an operator reads a metric of exactly the dimensions asked for', async () => {
  const value = { namespace: 'Pulpit', name: 'RunsFailed', unit: 'Count', timestamp: 90_000 };
  cloud.observability.putMetric({ ...value, dimensions: { service: 'pulpit-local' }, value: 2 });
  cloud.observability.putMetric({ ...value, dimensions: { service: 'pulpit-local' }, value: 3 });
  cloud.observability.putMetric({ ...value, dimensions: { service: 'another' }, value: 9 });
  const input = {
    Namespace: 'Pulpit',
    MetricName: 'RunsFailed',
    Dimensions: [{ Name: 'service', Value: 'pulpit-local' }],
    StartTime: 0,
    EndTime: '1970-01-01T00:05:00Z',
    Period: 300,
    Statistics: ['Sum', 'Maximum'],
  };
  const answer = await cloudWatch.service?.operations['GetMetricStatistics']?.run(input, cloud.cloud.iam.operator);
  expect(answer?.['Datapoints']).toEqual([{ Timestamp: new Date(0), Unit: 'Count', Sum: 5, Maximum: 3 }]);
});

const minutesOf = (...values: readonly (number | undefined)[]): MetricMinute[] =>
  values.flatMap((value, index) =>
    value === undefined ? [] : [{ dimensions: {}, unit: 'Count', minute: index * 60_000, count: 1, sum: value, least: value, most: value }],
  );

test.each([
  ['two of three periods breach', { DatapointsToAlarm: 2 }, [5, 0, 5], 'ALARM'],
  ['one of three is not enough', { DatapointsToAlarm: 2 }, [0, 0, 5], 'OK'],
  ['silence that counts as good', {}, [undefined, undefined, undefined], 'OK'],
  ['silence that counts as bad', { TreatMissingData: 'breaching' }, [undefined, undefined, undefined], 'ALARM'],
  ['silence that counts as unknown', { TreatMissingData: 'missing' }, [undefined, undefined, undefined], 'INSUFFICIENT_DATA'],
  ['silence that keeps the state', { TreatMissingData: 'ignore' }, [undefined, undefined, undefined], 'ALARM'],
  ['gaps that count as bad', { TreatMissingData: 'breaching', DatapointsToAlarm: 2 }, [undefined, 0, undefined], 'ALARM'],
])('%s', (_name, changes, values, state) => {
  const alarm = alarmFrom(request({ EvaluationPeriods: 3, ...changes }), 'us-east-1:000000000000');
  expect(evaluateAlarm(alarm, minutesOf(...values), 0, 'ALARM').state).toBe(state);
});

test.each([
  [{ Metrics: [] }, 'does not know the property Metrics'],
  [{ Period: 10 }, 'must be a multiple of 60'],
  [{ Statistic: 'p99' }, 'Statistic must be'],
])('an alarm that cannot be judged here is refused: %j', (changes, message) => {
  expect(() => alarmFrom(request(changes), 'us-east-1:000000000000')).toThrow(message);
});
