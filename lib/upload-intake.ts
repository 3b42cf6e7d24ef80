import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { UPLOADS_PREFIX } from '../lambda/shared/storage-keys.ts';
import { acknowledge, allow, allowCatalogue } from './permissions.ts';
import { physicalNames } from './physical-names.ts';
import { PulpitFunction, createDeadLetterQueue } from './pulpit-function.ts';
import type { ServiceContext } from './service-context.ts';

export interface UploadIntakeProps extends ServiceContext {
  /** What an upload starts. */
  readonly workflow: sfn.StateMachine;
}

/** Turns every recording put into the uploads bucket into a run, and keeps each event until that has happened. */
export class UploadIntake extends Construct {
  readonly queue: sqs.Queue;
  /** Events that could not be started after all their deliveries, and those the rule could not deliver at all. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: UploadIntakeProps) {
    super(scope, id);
    const { settings, storage, bundles, workflow } = props;
    const { uploadQueue } = physicalNames(settings);
    this.deadLetterQueue = createDeadLetterQueue(this, 'DeadLetterQueue', uploadQueue);
    this.queue = new sqs.Queue(this, 'UploadQueue', {
      queueName: uploadQueue,
      // It is nobody's dead-letter queue.
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(settings.uploadVisibilitySeconds),
      // As long as SQS allows: events wait out even a long outage of what comes after.
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: settings.uploadReceiveCount },
    });
    new events.Rule(this, 'RecordingUploaded', {
      description: 'A recording was put into the uploads bucket',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [storage.uploads.bucketName] }, object: { key: events.Match.prefix(UPLOADS_PREFIX) } },
      },
      targets: [new targets.SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue })],
    });

    const startRun = new PulpitFunction(this, 'StartRun', {
      settings,
      bundles,
      name: 'start-run',
      timeout: Duration.seconds(settings.startTimeoutSeconds),
      // Two small calls an event: memory buys only a shorter cold start, and 256 MB is where that levels off.
      memorySize: 256,
      environment: { STATE_MACHINE_ARN: workflow.stateMachineArn, CATALOGUE_TABLE: storage.catalogue.tableName },
      invokedBy: 'caller',
    });
    allow(startRun.role, { actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] });
    allowCatalogue(startRun.role, storage, 'GetItem', 'UpdateItem');
    startRun.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, maxConcurrency: settings.startConcurrency, reportBatchItemFailures: true }),
    );
    acknowledge(
      startRun,
      'SQS gives no failure destination to a mapping: the queue has its own dead-letter queue',
      'Serverless-LambdaEventSourceMappingDestination',
    );
  }

  /** Messages in the dead-letter queue now. Above zero, a person must look. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /** Seconds that the oldest upload has waited for its run. */
  metricOldestUpload(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }
}
