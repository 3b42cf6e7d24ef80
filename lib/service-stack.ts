import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { Budget, deploymentOf } from './budget.ts';
import { Delivery } from './delivery.ts';
import { Embedding } from './embedding.ts';
import { Monitoring } from './monitoring.ts';
import { OriginSecret } from './origin-secret.ts';
import { PublishingWorkflow } from './publishing-workflow.ts';
import { RunWatch } from './run-watch.ts';
import type { ServiceContext } from './service-context.ts';
import { Site } from './site.ts';
import { Transcoding } from './transcoding.ts';
import { Transcription } from './transcription.ts';
import { UploadIntake } from './upload-intake.ts';

export interface ServiceStackProps extends StackProps, ServiceContext {}

/** Everything that holds no data. What a sermon passes through stands in the order in which it does. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { settings, bundles, storage, ...stackProps } = props;
    super(scope, id, stackProps);
    const context: ServiceContext = { settings, bundles, storage };

    const transcoding = new Transcoding(this, 'Transcoding', context);
    const transcription = new Transcription(this, 'Transcription', context);
    const embedding = new Embedding(this, 'Embedding', context);
    const publishing = new PublishingWorkflow(this, 'Publishing', {
      ...context,
      transcoding,
      transcription,
      embedding,
    });
    const { stateMachine, sermonEvents } = publishing;
    const intake = new UploadIntake(this, 'Intake', { ...context, workflow: stateMachine });
    const runWatch = new RunWatch(this, 'RunWatch', { ...context, workflow: stateMachine });
    const originSecret = new OriginSecret(this, 'OriginSecret', settings);
    const api = new Api(this, 'Api', { ...context, originSecret });
    const { httpApi } = api;
    const delivery = new Delivery(this, 'Delivery', { ...context, httpApi, originSecret });
    const { distribution } = delivery;
    new Site(this, 'Site', context);
    new Monitoring(this, 'Monitoring', { settings, intake, publishing, transcription, embedding, runWatch, api, delivery });
    const { stage, monthlyBudgetUsd: monthlyUsd, alarmEmails: emails } = settings;
    // On one machine nothing costs money.
    if (monthlyUsd !== undefined && stage !== 'local')
      new Budget(this, 'Budget', { monthlyUsd, emails, deployment: deploymentOf(settings) });

    this.#show({
      SiteUrl: `https://${settings.domainName ?? distribution.distributionDomainName}`,
      DistributionDomainName: distribution.distributionDomainName,
      ApiUrl: httpApi.apiEndpoint,
      UploadBucket: storage.uploads.bucketName,
      MediaBucket: storage.media.bucketName,
      CatalogueTable: storage.catalogue.tableName,
      StateMachineArn: stateMachine.stateMachineArn,
      UploadQueueUrl: intake.queue.queueUrl,
      DeadLetterQueueUrl: intake.deadLetterQueue.queueUrl,
      EventBusName: sermonEvents.eventBusName,
    });
  }

  /** Outputs, which the `pulpit` command and people read. */
  #show(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
