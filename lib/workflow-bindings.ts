import { Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { UPLOADS_PREFIX, WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import { allow, allowKey, objectsBelow } from './permissions.ts';
import type { PulpitFunction } from './pulpit-function.ts';

/** What a placeholder stands for, together with what the workflow may do with it. */
export interface Binding {
  readonly value: string;
  /**
   * Extends the workflow's role.
   * @default nothing needs to be allowed
   */
  readonly grantTo?: (role: iam.Role) => void;
}

/** A plain value: a number of the settings, say. */
export const value = (plain: string | number): Binding => ({ value: String(plain) });

/** The workflow calls a function. */
export const invokes = (callee: PulpitFunction): Binding => ({
  value: callee.function.functionArn,
  grantTo: (role) => allow(role, { actions: ['lambda:InvokeFunction'], resources: [callee.function.functionArn] }),
});

/** The workflow hands a role to a service, and to that service only. */
export const passes = (passed: iam.Role, service: string): Binding => ({
  value: passed.roleArn,
  grantTo: (role) => allowPassing(role, [passed.roleArn], service),
});

/** The workflow copies exact versions of uploads, with their tags, into the `work/` of a bucket. */
export const pinsInto = (media: s3.Bucket, uploads: s3.Bucket): Binding => ({
  value: media.bucketName,
  grantTo: (role) => {
    allow(role, {
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'],
      resources: [objectsBelow(role, uploads, UPLOADS_PREFIX)],
      wildcardReason: 'every recording that editors upload',
    });
    allow(role, {
      actions: ['s3:PutObject', 's3:PutObjectTagging'],
      resources: [objectsBelow(role, media, WORK_PREFIX)],
      wildcardReason: 'the pinned source of every run',
    });
    allowKey(role, uploads.encryptionKey, ['kms:Decrypt']);
    allowKey(role, media.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
  },
});

/** The workflow runs MediaConvert jobs in a queue and waits for them. */
export const transcodes = (queueArn: string): Binding => ({
  value: queueArn,
  grantTo: (role) => {
    allow(role, { actions: ['mediaconvert:CreateJob'], resources: [queueArn] });
    allow(role, {
      actions: ['mediaconvert:GetJob', 'mediaconvert:CancelJob'],
      resources: [Stack.of(role).formatArn({ service: 'mediaconvert', resource: 'jobs', resourceName: '*' })],
      wildcardReason: 'MediaConvert names its jobs itself',
    });
    allowManagedRule(role, 'StepFunctionsGetEventsForMediaConvertJobRule');
  },
});

/** The workflow runs a task in a cluster and waits for its end. Every revision of the task: a run goes on with the one it started with. */
export const runs = (task: ecs.FargateTaskDefinition, cluster: ecs.Cluster): Binding => ({
  value: task.taskDefinitionArn,
  grantTo: (role) => {
    const stack = Stack.of(role);
    allow(role, {
      actions: ['ecs:RunTask'],
      resources: [stack.formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${task.family}:*` })],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      wildcardReason: 'all revisions of one task: a redriven run starts the one it was started with',
    });
    allow(role, {
      actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
      resources: [stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` })],
      wildcardReason: 'ECS names its tasks itself, below their cluster',
    });
    allowPassing(role, [task.taskRole.roleArn, task.obtainExecutionRole().roleArn], 'ecs-tasks.amazonaws.com');
    allowManagedRule(role, 'StepFunctionsGetEventsForECSTaskRule');
  },
});

/** The workflow puts events on a bus. */
export const announcesOn = (bus: events.EventBus): Binding => ({
  value: bus.eventBusName,
  grantTo: (role) => allow(role, { actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
});

/** Lets `role` hand other roles to one service. */
export function allowPassing(role: iam.Role, roleArns: readonly string[], service: string): void {
  allow(role, { actions: ['iam:PassRole'], resources: roleArns, conditions: { StringEquals: { 'iam:PassedToService': service } } });
}

/** Step Functions learns of a job's end through a rule that it keeps in the account under a name of its own. */
function allowManagedRule(role: iam.Role, rule: string): void {
  const resources = [Stack.of(role).formatArn({ service: 'events', resource: 'rule', resourceName: rule })];
  allow(role, { actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources });
}
