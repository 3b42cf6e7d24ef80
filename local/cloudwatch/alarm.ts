import type { ResourceRequest } from '../assembly/resource-provider.ts';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';

/** How a value is compared with the threshold. */
const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const STATISTICS = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'] as const;
const MISSING_DATA = ['missing', 'notBreaching', 'breaching', 'ignore'] as const;

export type Statistic = (typeof STATISTICS)[number];
export type MissingData = (typeof MISSING_DATA)[number];

/** An alarm on one metric, as the template defines it. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** Of those periods, how many must breach. */
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly missingData: MissingData;
  /** ARNs of topics. */
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
}

const KNOWN = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'MetricName',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'TreatMissingData',
  'Unit',
];

/**
 * Reads the properties of an `AWS::CloudWatch::Alarm`.
 * @throws Error for metric math, percentiles, periods under a minute and whatever else is not known
 */
export function alarmFrom({ logicalId, physicalName, properties }: ResourceRequest, account: string): Alarm {
  const where = `alarm ${logicalId}`;
  refuseUnknownProperties(where, properties, KNOWN);
  const name = String(properties['AlarmName'] ?? physicalName);
  const periodSeconds = Number(properties['Period']);
  if (!Number.isInteger(periodSeconds / 60) || periodSeconds < 60) {
    throw new Error(
      `${where}: the local cloud keeps metrics by the minute, so Period must be a multiple of 60, got ${properties['Period']}`,
    );
  }
  const evaluationPeriods = Number(properties['EvaluationPeriods']);
  const dimensions: readonly { Name: string; Value: string }[] = properties['Dimensions'] ?? [];
  return {
    name,
    arn: `arn:aws:cloudwatch:${account}:alarm:${name}`,
    description: String(properties['AlarmDescription'] ?? ''),
    namespace: String(properties['Namespace']),
    metric: String(properties['MetricName']),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
    statistic: oneOf(where, 'Statistic', properties['Statistic'], STATISTICS),
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: Number(properties['DatapointsToAlarm'] ?? evaluationPeriods),
    threshold: Number(properties['Threshold']),
    comparison: oneOf(where, 'ComparisonOperator', properties['ComparisonOperator'], Object.keys(COMPARISONS)),
    missingData: oneOf(where, 'TreatMissingData', properties['TreatMissingData'] ?? 'missing', MISSING_DATA),
    alarmActions: properties['ActionsEnabled'] === false ? [] : (properties['AlarmActions'] ?? []),
    okActions: properties['ActionsEnabled'] === false ? [] : (properties['OKActions'] ?? []),
  };
}

/** Whether a value is on the wrong side of the threshold. */
export const breaches = ({ comparison, threshold }: Alarm, value: number): boolean => COMPARISONS[comparison]?.(value, threshold) ?? false;

function oneOf<Choice extends string>(where: string, property: string, value: unknown, allowed: readonly Choice[]): Choice {
  const found = allowed.find((choice) => choice === value);
  if (found === undefined) throw new Error(`${where}: ${property} must be ${allowed.join(', ')} in the local cloud, got ${String(value)}`);
  return found;
}
