import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Severity } from './alarms.ts';
import { businessMetric, stepMetrics } from './business-metric.ts';
import type { MonitoringProps } from './monitoring.ts';
import { physicalNames } from './physical-names.ts';

/** The dashboard, from top to bottom as a sermon flows: uploads, runs, their steps, what they cost in services, listeners. */
export function createDashboard(
  scope: Construct,
  props: MonitoringProps,
  alarms: Readonly<Record<Severity, readonly cloudwatch.Alarm[]>>,
): cloudwatch.Dashboard {
  return new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: physicalNames(props.settings).dashboard,
    // A week shows every day of a parish's life.
    defaultInterval: Duration.days(7),
    widgets: [
      [
        new cloudwatch.AlarmStatusWidget({ title: 'Look now', alarms: [...alarms.page], width: 8 }),
        new cloudwatch.AlarmStatusWidget({ title: 'Look this week', alarms: [...alarms.ticket], width: 16 }),
      ],
      ...uploadRows(props),
      ...runRows(props),
      ...listenerRows(props),
    ],
  });
}

const hour = Duration.hours(1);
const heading = (text: string): cloudwatch.TextWidget =>
  new cloudwatch.TextWidget({ markdown: `## ${text}`, width: 24, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT });
const graph = (title: string, left: cloudwatch.IMetric[], yAxis: string): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, left, width: 8, leftYAxis: { min: 0, label: yAxis, showUnits: false }, period: hour });

function uploadRows({ settings, intake, transcription, runWatch }: MonitoringProps): cloudwatch.IWidget[][] {
  return [
    [heading('Uploads become runs')],
    [
      graph(
        'Uploads and runs',
        [
          businessMetric(settings, 'UploadsReceived', { label: 'uploads' }),
          businessMetric(settings, 'RunsStarted', { label: 'runs started' }),
          businessMetric(settings, 'UploadsRefused', { label: 'refused' }),
        ],
        'count',
      ),
      graph('Oldest waiting upload', [intake.metricOldestUpload({ label: 'age' })], 'seconds'),
      graph(
        'Dead letters',
        [
          intake.metricDeadLetters({ label: 'uploads' }),
          transcription.finish.metricDeadLetters({ label: 'transcriptions' }),
          runWatch.recordFailure.metricDeadLetters({ label: 'ends of runs' }),
          runWatch.reconcile.metricDeadLetters({ label: 'reconciler' }),
        ],
        'messages',
      ),
    ],
  ];
}

function runRows({ settings, publishing, transcription, embedding, runWatch }: MonitoringProps): cloudwatch.IWidget[][] {
  const { stateMachine } = publishing;
  return [
    [heading('Runs become sermons')],
    [
      graph(
        'How runs end',
        [
          businessMetric(settings, 'SermonsPublished', { label: 'published' }),
          businessMetric(settings, 'RunsSuperseded', { label: 'superseded' }),
          runWatch.metricFailedRuns({ label: 'failed' }),
          stateMachine.metricTimedOut({ label: 'timed out', statistic: 'Sum' }),
        ],
        'count',
      ),
      graph(
        'From upload to publication',
        [
          businessMetric(settings, 'UploadToPublished', { label: 'median', statistic: 'p50' }),
          businessMetric(settings, 'UploadToPublished', { label: 'slowest', statistic: 'Maximum' }),
        ],
        'seconds',
      ),
      graph(
        'Run slots',
        [runWatch.metricHeldSlots({ label: `held, of ${settings.runSlots}` }), runWatch.metricLeakedSlots({ label: 'leaked' })],
        'slots',
      ),
    ],
    [
      graph('Time in each step', [stepMetrics(settings, 'StepDuration', 'Maximum')], 'seconds'),
      graph('Failed attempts of each step', [stepMetrics(settings, 'StepFailures', 'Sum')], 'count'),
      graph('Retries of each step', [stepMetrics(settings, 'StepRetries', 'Sum')], 'count'),
    ],
    [
      graph('Transcribed', [transcription.metricMinutes({ label: 'minutes' })], 'minutes'),
      graph(
        'Throttled calls',
        [
          transcription.metricThrottled({ label: 'Transcribe' }),
          embedding.metricThrottled({ label: 'Bedrock' }),
          stateMachine.metricThrottled({ label: 'Step Functions', statistic: 'Sum' }),
        ],
        'count',
      ),
      graph('Errors that nobody foresaw', [businessMetric(settings, 'UnexpectedErrors', { label: 'errors' })], 'count'),
    ],
  ];
}

function listenerRows({ settings, api, delivery }: MonitoringProps): cloudwatch.IWidget[][] {
  return [
    [heading('Listeners hear them')],
    [
      graph('API errors', [api.metricServerErrors({ label: '5xx' })], 'count'),
      graph('Site errors', [delivery.metricServerErrorRate({ label: '5xx' })], 'percent'),
      graph(
        'Searches',
        [
          businessMetric(settings, 'Searches', { label: 'all' }),
          businessMetric(settings, 'SearchesWithoutHit', { label: 'without a hit' }),
        ],
        'count',
      ),
    ],
  ];
}
