import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { businessMetric } from './business-metric.ts';
import { allow, allowCatalogue, allowOnAny } from './permissions.ts';
import { PulpitFunction } from './pulpit-function.ts';
import type { ServiceContext } from './service-context.ts';
import type { Settings } from './settings.ts';
import { allowTaskAnswers } from './transcription.ts';

export interface RunWatchProps extends ServiceContext {
  readonly workflow: sfn.StateMachine;
}

/** Notices how runs end: at once by Step Functions' event, and every five minutes by asking, because such events are best effort. */
export class RunWatch extends Construct {
  readonly recordFailure: PulpitFunction;
  readonly reconcile: PulpitFunction;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: RunWatchProps) {
    super(scope, id);
    const { workflow } = props;
    this.#settings = props.settings;
    const recordFailure = this.#createRecordFailure(props);
    this.recordFailure = recordFailure;
    new events.Rule(this, 'RunEnded', {
      description: 'A run of publish-sermon has ended',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [workflow.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'] },
      },
      targets: [new targets.LambdaFunction(recordFailure.function, { deadLetterQueue: recordFailure.eventDeadLetterQueue })],
    });
    const reconcile = this.#createReconcile(props);
    this.reconcile = reconcile;
    new events.Rule(this, 'EveryFiveMinutes', {
      description: 'Asks for the answers that never came',
      schedule: events.Schedule.rate(Duration.minutes(5)),
      targets: [new targets.LambdaFunction(reconcile.function, { deadLetterQueue: reconcile.eventDeadLetterQueue })],
    });
  }

  #createRecordFailure({ settings, bundles, storage, workflow }: RunWatchProps): PulpitFunction {
    const recordFailure = new PulpitFunction(this, 'RecordFailure', {
      settings,
      bundles,
      name: 'record-failure',
      timeout: Duration.seconds(30),
      // Small calls only: see start-run.
      memorySize: 256,
      environment: { CATALOGUE_TABLE: storage.catalogue.tableName, RUN_SLOTS: String(settings.runSlots) },
      invokedBy: 'event',
    });
    allowAskingAbout(workflow, recordFailure, 'states:GetExecutionHistory');
    allowCatalogue(recordFailure.role, storage, 'GetItem', 'UpdateItem');
    return recordFailure;
  }

  #createReconcile({ settings, bundles, storage, workflow }: RunWatchProps): PulpitFunction {
    const reconcile = new PulpitFunction(this, 'Reconcile', {
      settings,
      bundles,
      name: 'reconcile',
      // Must be done before the next one starts.
      timeout: Duration.minutes(5),
      memorySize: 256,
      environment: {
        CATALOGUE_TABLE: storage.catalogue.tableName,
        RUN_SLOTS: String(settings.runSlots),
      },
      invokedBy: 'event',
    });
    allowAskingAbout(workflow, reconcile);
    allowCatalogue(reconcile.role, storage, 'GetItem', 'UpdateItem', 'Query');
    allowOnAny(
      reconcile,
      'Jobs',
      reconcile.role,
      ['transcribe:GetTranscriptionJob'],
      'jobs are named by the run, and a redrive adds a number',
    );
    allowTaskAnswers(reconcile);
    return reconcile;
  }

  /** Runs that failed for another reason than their recording. */
  metricFailedRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'RunsFailed', options);
  }

  /** Run slots that are taken, every five minutes. */
  metricHeldSlots(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'HeldSlots', { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /** Run slots that the reconciler took from runs that had ended. */
  metricLeakedSlots(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'LeakedSlots', options);
  }

  /** Seconds since the first upload after which nothing was published or refused; 0 where no upload waits. */
  metricUnanswered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'Unanswered', { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }
}

const allowAskingAbout = (workflow: sfn.StateMachine, asking: PulpitFunction, ...more: readonly string[]): void =>
  allow(asking.role, {
    actions: ['states:DescribeExecution', ...more],
    resources: [executionsOf(workflow)],
    wildcardReason: everyRun,
  });

/** Why a permission on `executionsOf` is narrow enough. */
export const everyRun = 'every run of this one workflow';

/** All runs of a workflow, as an ARN with a wildcard. */
export const executionsOf = (workflow: sfn.StateMachine): string =>
  Stack.of(workflow).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${workflow.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
