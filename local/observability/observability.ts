import type { Cloud, CloudPart } from '../cloud.ts';
import type { Members } from '../gateway/service.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import type { MetricMinute, MetricValue } from './metric-table.ts';
import { Telemetry } from './telemetry.ts';
import { XraySink } from './xray-sink.ts';

/** CloudWatch and X-Ray of the local cloud: other parts write here, the gateway and the inspector read. */
export interface Observability extends CloudPart {
  /** Adds a line to a log stream; a line in the embedded metric format also counts its metrics. `timestamp` is epoch milliseconds. */
  putLog(group: string, stream: string, line: string, timestamp?: number): void;
  /** Counts a value that a service measured of itself. */
  putMetric(value: MetricValue): void;
  /** Keeps an X-Ray segment document. */
  putSegment(segment: Members): void;
  /** One metric by the minute, from `startTime` (included) to `endTime` (excluded), epoch milliseconds. */
  readMetric(namespace: string, name: string, startTime: number, endTime: number): readonly MetricMinute[];
  /** All segments of a trace in the order of their arrival. */
  readTrace(traceId: string): readonly Members[];
  /** The value of `AWS_XRAY_DAEMON_ADDRESS` for child processes. */
  daemonAddress(): Promise<string>;
}

/** Makes the observability part. */
export function createObservability(cloud: Cloud): Observability {
  const telemetry = new Telemetry(cloud.store);
  const sink = new XraySink((segment) => telemetry.putSegment(segment));
  const context = { region: cloud.region, accountId: cloud.accountId, telemetry };
  return {
    putLog: (group, stream, line, timestamp) => telemetry.putLog(group, stream, line, timestamp),
    putMetric: (value) => telemetry.putMetric(value),
    putSegment: (segment) => telemetry.putSegment(segment),
    readMetric(namespace, name, startTime, endTime) {
      telemetry.flush();
      return telemetry.metrics.read(namespace, name, startTime, endTime);
    },
    readTrace(traceId) {
      telemetry.flush();
      return telemetry.traces.read(traceId);
    },
    daemonAddress: () => sink.address(),
    resources: {
      'AWS::Logs::LogGroup': ({ physicalName, properties }) => {
        const name = String(properties['LogGroupName'] ?? physicalName);
        telemetry.logs.defineGroup(name, properties['RetentionInDays']);
        return { ref: name, attributes: { Arn: `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${name}:*` } };
      },
      // Resource policies are not evaluated by the local cloud; identity policies are.
      'AWS::Logs::ResourcePolicy': ({ physicalName, properties }) => ({ ref: String(properties['PolicyName'] ?? physicalName) }),
    },
    service: {
      signingName: 'logs',
      codec: awsJson({ targetPrefix: 'Logs_20140328', version: '1.1' }),
      operations: {
        DescribeLogGroups: describeLogGroups(context),
        FilterLogEvents: filterLogEvents(context),
        GetLogEvents: getLogEvents(context),
      },
    },
    start: () => telemetry.prune(),
    stop() {
      sink.close();
      telemetry.flush();
    },
  };
}
