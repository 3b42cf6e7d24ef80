import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { onlyWhenItHappens, queueAtRest, type AlarmDecision, type Severity } from './alarms.ts';
import { businessMetric } from './business-metric.ts';
import type { MonitoringProps } from './monitoring.ts';

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);
const quarterHour = Duration.minutes(15);

/** Every alarm there is: uploads first, listeners last. */
export function alarmDecisions(props: MonitoringProps): readonly AlarmDecision[] {
  return [...intakeAlarms(props), ...runAlarms(props), ...serviceAlarms(props), ...listenerAlarms(props)];
}

/** A dead letter is a person's business at once: nothing else takes it up. */
const deadLetters = (name: string, severity: Severity, says: string, metric: cloudwatch.Metric): AlarmDecision => ({
  name,
  severity,
  says,
  metric,
  period: minute,
  threshold: 1,
  missing: queueAtRest,
});

function intakeAlarms({ intake, transcription, runWatch }: MonitoringProps): readonly AlarmDecision[] {
  return [
    deadLetters('upload-dead-letters', 'page', 'Uploads could not be started and wait for a person.', intake.metricDeadLetters()),
    deadLetters(
      'transcription-dead-letters',
      'ticket',
      'Answers of Transcribe could not be handed to their runs; the reconciler asks again.',
      transcription.finish.metricDeadLetters(),
    ),
    deadLetters(
      'run-end-dead-letters',
      'ticket',
      'Ends of runs could not be noted; the reconciler notes them later.',
      runWatch.recordFailure.metricDeadLetters(),
    ),
    deadLetters(
      'reconciler-dead-letters',
      'ticket',
      'The reconciler failed three times in a row, so lost answers stay lost.',
      runWatch.reconcile.metricDeadLetters(),
    ),
    {
      name: 'uploads-waiting',
      severity: 'page',
      says: 'An upload has waited a quarter of an hour for its run to start.',
      metric: intake.metricOldestUpload(),
      period: fiveMinutes,
      threshold: 15 * 60,
      missing: queueAtRest,
    },
  ];
}

function runAlarms({ publishing, runWatch }: MonitoringProps): readonly AlarmDecision[] {
  const { stateMachine } = publishing;
  return [
    {
      name: 'runs-failed',
      severity: 'ticket',
      says: 'A run failed, and not because of its recording.',
      metric: runWatch.metricFailedRuns(),
      period: fiveMinutes,
      threshold: 1,
      missing: onlyWhenItHappens,
    },
    {
      name: 'runs-timed-out',
      severity: 'ticket',
      says: 'A run waited for its turn until its 30 days were over.',
      metric: stateMachine.metricTimedOut({ statistic: 'Sum' }),
      period: fiveMinutes,
      threshold: 1,
      missing: onlyWhenItHappens,
    },
    {
      name: 'runs-throttled',
      severity: 'ticket',
      says: 'Step Functions has slowed runs down for a quarter of an hour.',
      metric: stateMachine.metricThrottled({ statistic: 'Sum' }),
      period: fiveMinutes,
      threshold: 1,
      periods: [3, 3],
      missing: onlyWhenItHappens,
    },
    {
      name: 'slots-leaked',
      severity: 'ticket',
      says: 'Run slots were held by runs that had ended, again and again within an hour.',
      metric: runWatch.metricLeakedSlots(),
      period: fiveMinutes,
      threshold: 1,
      // One can be a run that ends while the reconciler looks.
      periods: [3, 12],
      missing: { counts: 'as good', because: 'a reconciler that does not run has an alarm of its own' },
    },
    {
      name: 'nothing-published',
      severity: 'page',
      says: 'Uploads came, and for 24 hours none of them was published or refused.',
      metric: runWatch.metricUnanswered(),
      period: quarterHour,
      threshold: 24 * 3600,
      missing: { counts: 'as unknown', because: 'the reconciler measures it every five minutes, so silence says nothing about uploads' },
    },
  ];
}

function serviceAlarms({ settings, transcription, embedding }: MonitoringProps): readonly AlarmDecision[] {
  return [
    {
      name: 'transcriptions-throttled',
      severity: 'ticket',
      says: 'Transcribe has refused jobs for half an hour because there were too many calls.',
      metric: transcription.metricThrottled(),
      period: quarterHour,
      threshold: 1,
      periods: [2, 2],
      missing: onlyWhenItHappens,
    },
    {
      name: 'embeddings-throttled',
      severity: 'ticket',
      says: 'Bedrock has refused embeddings for half an hour because there were too many calls.',
      metric: embedding.metricThrottled(),
      period: quarterHour,
      threshold: 1,
      periods: [2, 2],
      missing: onlyWhenItHappens,
    },
    {
      name: 'function-errors',
      severity: 'ticket',
      says: 'A function failed in a way that the code does not foresee.',
      metric: businessMetric(settings, 'UnexpectedErrors'),
      period: fiveMinutes,
      threshold: 1,
      missing: onlyWhenItHappens,
    },
  ];
}

function listenerAlarms({ api, delivery }: MonitoringProps): readonly AlarmDecision[] {
  // CloudFront's metrics are in us-east-1 alone, and an alarm reads metrics of its own region.
  const { region } = Stack.of(delivery);
  const mayMeasure = Token.isUnresolved(region) || region === 'us-east-1';
  const nobodyThere = { counts: 'as good', because: 'without listeners there is nothing to measure' } as const;
  const siteErrors: AlarmDecision = {
    name: 'site-errors',
    severity: 'page',
    says: 'CloudFront has answered one request in twenty with an error for a quarter of an hour.',
    metric: delivery.metricServerErrorRate(),
    period: fiveMinutes,
    threshold: 5,
    periods: [3, 3],
    missing: nobodyThere,
  };
  return [
    {
      name: 'api-errors',
      severity: 'page',
      says: 'The API has answered with errors of its own for ten minutes.',
      metric: api.metricServerErrors(),
      period: fiveMinutes,
      threshold: 5,
      periods: [2, 2],
      missing: nobodyThere,
    },
    ...(mayMeasure ? [siteErrors] : []),
  ];
}
