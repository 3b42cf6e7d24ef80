import { type Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { physicalNames } from './physical-names.ts';
import type { Settings } from './settings.ts';

/** `page`: listeners or editors notice already, look now. `ticket`: look within the working week. */
export type Severity = 'page' | 'ticket';

/** What an alarm makes of minutes without data, and why that is right. */
export interface MissingData {
  readonly counts: 'as good' | 'as unknown';
  readonly because: string;
}

/** One alarm as it is decided: all else follows. */
export interface AlarmDecision {
  /** Title of its chapter in docs/operator-runbook.md, and the end of its own name. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence for whoever is woken by it. */
  readonly says: string;
  readonly metric: cloudwatch.Metric;
  readonly period: Duration;
  /** Raised from this value on. */
  readonly threshold: number;
  /**
   * In how many periods the threshold must be reached, and of how many.
   * @default in one of one
   */
  readonly periods?: readonly [breaching: number, of: number];
  readonly missing: MissingData;
}

/** What counts events has no data while there are none. */
export const onlyWhenItHappens: MissingData = { counts: 'as good', because: 'the metric is written only when it happens' };

/** What SQS measures stops some hours after a queue was last used. */
export const queueAtRest: MissingData = { counts: 'as good', because: 'SQS stops measuring queues that nobody uses' };

/** Makes the alarm of a decision. Its description leads to the runbook and to the console. */
export function createAlarm(scope: Construct, settings: Settings, decision: AlarmDecision): cloudwatch.Alarm {
  const { name, says, metric, period, threshold, periods = [1, 1], missing } = decision;
  const alarmName = physicalNames(settings).alarm(name);
  const { region } = Stack.of(scope);
  return new cloudwatch.Alarm(scope, idOf(name), {
    alarmName,
    alarmDescription: [
      says,
      `Runbook: ${settings.runbookUrl}#${name}`,
      `Console: https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${alarmName}`,
      `No data counts ${missing.counts}, because ${missing.because}.`,
    ].join('\n\n'),
    metric: metric.with({ period }),
    threshold,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    datapointsToAlarm: periods[0],
    evaluationPeriods: periods[1],
    treatMissingData: missing.counts === 'as good' ? cloudwatch.TreatMissingData.NOT_BREACHING : cloudwatch.TreatMissingData.MISSING,
  });
}

/** `upload-dead-letters` is UploadDeadLetters. */
const idOf = (name: string): string => name.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
