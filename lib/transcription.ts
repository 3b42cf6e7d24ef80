import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import { deploymentOf } from './budget.ts';
import { businessMetric } from './business-metric.ts';
import { allowCatalogue, allowObjects, allowOnAny } from './permissions.ts';
import { PulpitFunction } from './pulpit-function.ts';
import type { ServiceContext } from './service-context.ts';
import type { Settings } from './settings.ts';
import { allowPassing } from './workflow-bindings.ts';

/** Speech to text: one function starts the job and leaves, another returns the workflow's token when Transcribe says it is done. */
export class Transcription extends Construct {
  readonly start: PulpitFunction;
  readonly finish: PulpitFunction;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: ServiceContext) {
    super(scope, id);
    this.#settings = props.settings;
    const dataAccess = this.#createDataAccessRole(props);
    this.start = this.#createStart(props, dataAccess);
    this.finish = this.#createFinish(props);
    new events.Rule(this, 'TranscriptionEnded', {
      description: 'A transcription job has ended',
      eventPattern: {
        source: ['aws.transcribe'],
        detailType: ['Transcribe Job State Change'],
        detail: { TranscriptionJobStatus: ['COMPLETED', 'FAILED'] },
      },
      targets: [new targets.LambdaFunction(this.finish.function, { deadLetterQueue: this.finish.eventDeadLetterQueue })],
    });
  }

  /** With a role of its own Transcribe can hold a job back when the account is at its limit, instead of refusing it. */
  #createDataAccessRole({ storage }: ServiceContext): iam.Role {
    const role = new iam.Role(this, 'DataAccess', { assumedBy: new iam.ServicePrincipal('transcribe.amazonaws.com') });
    allowObjects(role, storage.media, { read: [WORK_PREFIX], write: [WORK_PREFIX] });
    return role;
  }

  #createStart({ settings, bundles, storage }: ServiceContext, dataAccess: iam.Role): PulpitFunction {
    const start = new PulpitFunction(this, 'Start', {
      settings,
      bundles,
      name: 'start-transcription',
      // A handful of calls, each with the SDK's own retries. The workflow waits for the token, not for the function.
      timeout: Duration.seconds(30),
      // Small calls only: see start-run.
      memorySize: 256,
      environment: {
        MEDIA_BUCKET: storage.media.bucketName,
        CATALOGUE_TABLE: storage.catalogue.tableName,
        TRANSCRIBE_ROLE_ARN: dataAccess.roleArn,
        LANGUAGE_CODE: settings.languageCode,
        DEPLOYMENT: deploymentOf(settings),
      },
      invokedBy: 'caller',
    });
    allowPassing(start.role, [dataAccess.roleArn], 'transcribe.amazonaws.com');
    // Transcribe checks the caller's own right to the recording and the answer as well.
    allowObjects(start.role, storage.media, { read: [WORK_PREFIX], write: [WORK_PREFIX] });
    allowCatalogue(start.role, storage, 'GetItem', 'PutItem', 'UpdateItem');
    allowOnAny(
      start,
      'Jobs',
      start.role,
      ['transcribe:StartTranscriptionJob', 'transcribe:GetTranscriptionJob', 'transcribe:TagResource'],
      'a job that does not exist yet has no ARN to name',
    );
    allowTaskAnswers(start);
    return start;
  }

  #createFinish({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const finish = new PulpitFunction(this, 'Finish', {
      settings,
      bundles,
      name: 'finish-transcription',
      // Three small calls.
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment: { CATALOGUE_TABLE: storage.catalogue.tableName },
      invokedBy: 'event',
    });
    allowCatalogue(finish.role, storage, 'GetItem', 'UpdateItem');
    allowOnAny(finish, 'Jobs', finish.role, ['transcribe:GetTranscriptionJob'], 'jobs are named by the run, and a redrive adds a number');
    allowTaskAnswers(finish);
    return finish;
  }

  /** Minutes of recordings that were transcribed. */
  metricMinutes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'TranscribedMinutes', options);
  }

  /** Jobs that Transcribe refused for the number of calls, after the SDK's own tries. */
  metricThrottled(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return businessMetric(this.#settings, 'TranscriptionsThrottled', options);
  }
}

/** Lets a function return the workflow's task tokens. */
export function allowTaskAnswers(answering: PulpitFunction): void {
  allowOnAny(
    answering,
    'TaskAnswers',
    answering.role,
    ['states:SendTaskSuccess', 'states:SendTaskFailure'],
    'Step Functions authorises answers by the token itself, and naming the workflow would make it depend on its own function',
  );
}
