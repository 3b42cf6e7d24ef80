import * as cloudwatchActions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { alarmDecisions } from './alarm-decisions.ts';
import { createAlarm, type Severity } from './alarms.ts';
import type { Api } from './api.ts';
import { createDashboard } from './dashboard.ts';
import type { Delivery } from './delivery.ts';
import type { Embedding } from './embedding.ts';
import type { PublishingWorkflow } from './publishing-workflow.ts';
import type { RunWatch } from './run-watch.ts';
import type { Settings } from './settings.ts';
import type { Transcription } from './transcription.ts';
import type { UploadIntake } from './upload-intake.ts';

export interface MonitoringProps {
  readonly settings: Settings;
  readonly intake: UploadIntake;
  readonly publishing: PublishingWorkflow;
  readonly transcription: Transcription;
  readonly embedding: Embedding;
  readonly runWatch: RunWatch;
  readonly api: Api;
  readonly delivery: Delivery;
}

/** Asks every part for its metrics, watches them, and shows them on one dashboard. docs/operator-runbook.md has a chapter an alarm. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { settings } = props;
    const topics = { page: this.#createTopic('Page', settings), ticket: this.#createTopic('Ticket', settings) };
    const alarms = alarmDecisions(props).map((decision): readonly [Severity, cloudwatch.Alarm] => {
      const alarm = createAlarm(this, settings, decision);
      const action = new cloudwatchActions.SnsAction(topics[decision.severity]);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return [decision.severity, alarm];
    });
    createDashboard(this, props, {
      page: alarms.flatMap(([severity, alarm]) => (severity === 'page' ? [alarm] : [])),
      ticket: alarms.flatMap(([severity, alarm]) => (severity === 'ticket' ? [alarm] : [])),
    });
  }

  #createTopic(id: string, { alarmEmails }: Settings): sns.Topic {
    // Not encrypted with a key: alarms hold no secrets, and CloudWatch cannot publish to a topic under AWS's own SNS key.
    const topic = new sns.Topic(this, id, { displayName: `Pulpit ${id.toLowerCase()}`, enforceSSL: true });
    // The policy that demands TLS replaces the default one, which would have let CloudWatch in.
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const email of alarmEmails) topic.addSubscription(new subscriptions.EmailSubscription(email));
    return topic;
  }
}
