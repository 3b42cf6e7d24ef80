import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compileFilterPattern } from '../../../local/observability/filter-pattern.ts';
import { metricsIn } from '../../../local/observability/embedded-metrics.ts';
import { openMessagingCloud, type MessagingCloud } from '../messaging-cloud.ts';

let cloud: MessagingCloud;
beforeEach(async () => {
  cloud = await openMessagingCloud();
});
afterEach(() => cloud.stop());

const logs = (operation: string, input: Record<string, unknown>) => cloud.cloud.call(cloud.cloud.iam.operator, 'logs', operation, input);
const messages = ({ events }: Record<string, { message: string }[]>) => events?.map(({ message }) => message);

test.each([
  ['', true],
  ['failed', true],
  ['failed sermon', true],
  ['failed missing', false],
  ['"run failed"', true],
  ['-failed', false],
  ['?missing ?sermon', true],
])('the filter pattern %j finds the line: %s', (pattern, expected) => {
  expect(compileFilterPattern(pattern)('the run failed for sermon-1')).toBe(expected);
});

test('a JSON filter pattern is refused by name', () => {
  expect(() => compileFilterPattern('{ $.level = "ERROR" }')).toThrow('not supported');
});

test('a line that only looks like metrics counts nothing', () => {
  expect([metricsIn('{"_aws": broken'), metricsIn('{"_aws":{}}'), metricsIn('said "_aws"')]).toEqual([[], [], []]);
});

test('a log group is read by pages, from its head and from its tail', async () => {
  for (const line of ['one', 'two', 'three']) cloud.observability.putLog('/group', 'stream', line);
  cloud.observability.putLog('/group', 'other', 'elsewhere');
  const stream = { logGroupName: '/group', logStreamName: 'stream' };
  const head = await logs('GetLogEvents', { ...stream, startFromHead: true, limit: 2 });
  const next = await logs('GetLogEvents', { ...stream, startFromHead: true, limit: 2, nextToken: head['nextForwardToken'] });
  const tail = await logs('GetLogEvents', { ...stream, limit: 2 });
  expect([head, next, tail].map(messages)).toEqual([['one', 'two'], ['three'], ['two', 'three']]);
  const filtered = await logs('FilterLogEvents', { logGroupName: '/group', filterPattern: 'e', limit: 2 });
  const rest = await logs('FilterLogEvents', { logGroupName: '/group', filterPattern: 'e', limit: 2, nextToken: filtered['nextToken'] });
  expect([filtered, rest].map(messages)).toEqual([['one'], ['three', 'elsewhere']]);
  await expect(logs('FilterLogEvents', { logGroupName: '/none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

const daysAgo = (days: number): number => Date.now() - days * 86_400_000;

test('lines older than their group keeps them are gone after the next start', async () => {
  await cloud.deploy('AWS::Logs::LogGroup', 'Group', { LogGroupName: '/short', RetentionInDays: 3 });
  cloud.observability.putLog('/short', 'stream', 'old', daysAgo(4));
  cloud.observability.putLog('/short', 'stream', 'young', daysAgo(2));
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/short' }))).toEqual(['old', 'young']);
  await cloud.start();
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/short' }))).toEqual(['young']);
});
