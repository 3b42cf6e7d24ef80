import { beforeAll, expect, test } from '@jest/globals';
import { LISTING_INDEX } from '../../lambda/shared/catalogue.ts';
import { type Assembly, resourceOf, resourcesOf, synthesized } from './assembly.ts';

let local: Assembly;
let prod: Assembly;
beforeAll(async () => {
  [local, prod] = await Promise.all([synthesized('local'), synthesized('prod')]);
}, 300_000);

test('uploads reach the queue through the bus, and what fails on the way is kept', () => {
  const deadLetters = { 'Fn::GetAtt': ['IntakeDeadLetterQueueA5C12DB5', 'Arn'] };
  expect(resourceOf(local.storage, 'AWS::S3::Bucket', 'Uploads').Properties).toMatchObject({
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    VersioningConfiguration: { Status: 'Enabled' },
  });
  expect(resourceOf(local.service, 'AWS::Events::Rule', 'IntakeRecordingUploaded').Properties).toMatchObject({
    EventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { object: { key: [{ prefix: 'uploads/' }] } } },
    Targets: [{ DeadLetterConfig: { Arn: deadLetters } }],
  });
  expect(resourceOf(local.service, 'AWS::SQS::Queue', 'IntakeUploadQueue').Properties).toMatchObject({
    RedrivePolicy: { deadLetterTargetArn: deadLetters, maxReceiveCount: 5 },
  });
  expect(resourceOf(local.service, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 5 },
  });
});

test('in prod an upload event stays hidden six times as long as a start may take', () => {
  const queue = resourceOf(prod.service, 'AWS::SQS::Queue', 'IntakeUploadQueue');
  const startRun = resourceOf(prod.service, 'AWS::Lambda::Function', 'IntakeStartRun');
  expect(queue.Properties.VisibilityTimeout).toBe(6 * startRun.Properties.Timeout);
});

test('every rule that calls a function keeps what it could not deliver, and so does the function', () => {
  const calling = resourcesOf(local.service, 'AWS::Events::Rule').filter(({ id }) => !id.startsWith('IntakeRecordingUploaded'));
  expect(calling.map(({ id }) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual([
    'RunWatchEveryFiveMinutes',
    'RunWatchRunEnded',
    'TranscriptionTranscriptionEnded',
  ]);
  for (const { id, Properties } of calling) {
    const [target] = Properties.Targets;
    const callee = local.service.Resources[target.Arn['Fn::GetAtt'][0]];
    expect([id, target.DeadLetterConfig.Arn]).toEqual([id, callee?.Properties.DeadLetterConfig.TargetArn]);
  }
});

test('what can be done without is removed in time: parts, work, replaced uploads, access logs', () => {
  for (const bucket of ['Uploads', 'Media', 'Site', 'AccessLogs'])
    expect(lifecycleRules(bucket)).toContainEqual(expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }));
  expect(lifecycleRules('Media')).toContainEqual(expect.objectContaining({ Prefix: 'work/', ExpirationInDays: 15 }));
  expect(lifecycleRules('Uploads')).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }));
  expect(lifecycleRules('AccessLogs')).toContainEqual(expect.objectContaining({ ExpirationInDays: 30 }));
});

test('every queue is a dead-letter queue or has one, and says whose messages it takes', () => {
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::SQS::Queue')) {
    const serves = id.startsWith('IntakeDeadLetterQueue') ? 'byQueue' : 'denyAll';
    expect([id, Properties.RedriveAllowPolicy?.redrivePermission]).toEqual([id, serves]);
    expect([id, Properties.RedrivePolicy !== undefined]).toEqual([id, !id.includes('DeadLetterQueue')]);
  }
  const { RedriveAllowPolicy } = resourceOf(local.service, 'AWS::SQS::Queue', 'IntakeDeadLetterQueue').Properties;
  const { QueueName } = resourceOf(local.service, 'AWS::SQS::Queue', 'IntakeUploadQueue').Properties;
  expect(RedriveAllowPolicy.sourceQueueArns.map((arn: { 'Fn::Join': [string, unknown[]] }) => arn['Fn::Join'][1].at(-1))).toEqual([
    `:${QueueName}`,
  ]);
});

test('every deployed definition stays as a version, and the newest is live', () => {
  const version = resourceOf(local.service, 'AWS::StepFunctions::StateMachineVersion');
  const machine = resourceOf(local.service, 'AWS::StepFunctions::StateMachine').id;
  expect(version.Properties.StateMachineRevisionId).toEqual({ 'Fn::GetAtt': [machine, 'StateMachineRevisionId'] });
  expect(version.UpdateReplacePolicy).toBe('Retain');
  expect(resourceOf(local.service, 'AWS::StepFunctions::StateMachineAlias').Properties).toEqual({
    Name: 'live',
    RoutingConfiguration: [{ StateMachineVersionArn: { 'Fn::GetAtt': [version.id, 'Arn'] }, Weight: 100 }],
  });
});

test('the workflow logs everything, is traced, and every placeholder is bound', () => {
  const { Properties } = resourceOf(local.service, 'AWS::StepFunctions::StateMachine');
  expect(Properties).toMatchObject({
    StateMachineType: 'STANDARD',
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { Level: 'ALL' },
  });
  const names = [...String(Properties.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  expect(Object.keys(Properties.DefinitionSubstitutions).toSorted()).toEqual([...new Set(names)].toSorted());
});

test('the catalogue has the index that the functions list by', () => {
  const { GlobalSecondaryIndexes } = resourceOf(local.storage, 'AWS::DynamoDB::GlobalTable').Properties;
  expect(GlobalSecondaryIndexes).toMatchObject([{ IndexName: LISTING_INDEX, Projection: { ProjectionType: 'ALL' } }]);
});

test('the task can be reached by nobody and runs with a read-only root', () => {
  const group = resourceOf(local.service, 'AWS::EC2::SecurityGroup');
  expect(group.Properties.SecurityGroupIngress).toBeUndefined();
  const task = resourceOf(local.service, 'AWS::ECS::TaskDefinition');
  expect(task.Properties.ContainerDefinitions).toMatchObject([{ Name: 'embedding', ReadonlyRootFilesystem: true }]);
  // A redriven run starts the revision it was started with, so a deployment must not take it away.
  expect(task.UpdateReplacePolicy).toBe('Retain');
});

const lifecycleRules = (idStart: string) => resourceOf(local.storage, 'AWS::S3::Bucket', idStart).Properties.LifecycleConfiguration.Rules;
