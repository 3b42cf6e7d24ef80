import type { Cloud, CloudPart } from '../cloud.ts';
import { DueTimer } from '../due-timer.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import type { Observability } from '../observability/observability.ts';
import type { Topics } from '../sns/sns.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import { alarmFrom } from './alarm.ts';
import { Alarms, type AlarmChange } from './alarms.ts';
import { describeAlarms } from './describe-alarms.ts';
import { countExecutions } from './execution-metrics.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { queueMetrics } from './queue-metrics.ts';

const MINUTE_MS = 60_000;

export interface CloudWatchOptions {
  readonly observability: Observability;
  readonly queues: QueueService;
  readonly topics: Topics;
}

/** CloudWatch's alarms; metrics and logs are kept by the observability part. */
export interface CloudWatch extends CloudPart {
  /** Takes the minute's measurements and judges all alarms as of `now`, epoch milliseconds. Every full minute it happens by itself. */
  evaluate(now: number): readonly AlarmChange[];
}

/** Makes the CloudWatch part. */
export function createCloudWatch(cloud: Cloud, { observability, queues, topics }: CloudWatchOptions): CloudWatch {
  const alarms = new Alarms(cloud, observability);
  let measuredUntil = 0;
  // Metrics are kept by the minute, so nothing can change in between.
  const nextMinute = (): number => (Math.floor(measuredUntil / MINUTE_MS) + 1) * MINUTE_MS;
  const timer = new DueTimer(nextMinute, () => void evaluate(Date.now()));
  function evaluate(now: number): readonly AlarmChange[] {
    measuredUntil = now;
    // What is measured now says how the minute ended that is just over.
    for (const value of queueMetrics(queues, Math.floor(now / MINUTE_MS) * MINUTE_MS - 1)) observability.putMetric(value);
    const changes = alarms.evaluate(now);
    for (const change of changes) announce(cloud, topics, change);
    return changes;
  }
  return {
    evaluate,
    resources: {
      'AWS::CloudWatch::Alarm': (request) => {
        const alarm = alarmFrom(request, `${cloud.region}:${cloud.accountId}`);
        alarms.define(alarm);
        return { ref: alarm.name, attributes: { Arn: alarm.arn } };
      },
      // Pictures of metrics: there is no console here to show them.
      'AWS::CloudWatch::Dashboard': ({ physicalName, properties }) => ({ ref: String(properties['DashboardName'] ?? physicalName) }),
    },
    service: {
      signingName: 'monitoring',
      // As the AWS CLI speaks it. CloudWatch also has rpc-v2-cbor, and the query protocol of older clients; they are not served.
      codec: awsJson({ targetPrefix: 'GraniteServiceVersion20100801', version: '1.0' }),
      operations: { DescribeAlarms: describeAlarms(alarms), GetMetricStatistics: getMetricStatistics(observability) },
    },
    start() {
      countExecutions(cloud, observability);
      measuredUntil = Date.now();
      timer.reset();
    },
    stop: () => timer.stop(),
  };
}

/** Tells the operator in one line, and whoever the alarm's actions name. That an alarm has its first data is no news. */
function announce(cloud: Cloud, topics: Topics, { alarm, before, after, reason }: AlarmChange): void {
  if (before === 'ALARM' || after === 'ALARM') cloud.warn(`alarm ${alarm.name}: ${before} -> ${after}`, { reason });
  const actions = { ALARM: alarm.alarmActions, OK: before === 'ALARM' ? alarm.okActions : [], INSUFFICIENT_DATA: [] }[after];
  for (const topicArn of actions) {
    topics.publish(topicArn, {
      subject: `${after}: "${alarm.name}" in the local cloud`,
      message: JSON.stringify({
        AlarmName: alarm.name,
        AlarmDescription: alarm.description,
        NewStateValue: after,
        OldStateValue: before,
        NewStateReason: reason,
      }),
    });
  }
}
