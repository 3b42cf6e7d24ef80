import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Assembly, type Template, copySources, resourceOf, resourcesOf, synthesize } from './assembly.ts';
import { LISTING_INDEX } from '../../lambda/shared/catalogue.ts';
import { type Statement, actionsOf, allows } from './policies.ts';
import { type State, statesOf } from './states.ts';

// Both at once, and the second in another folder and for another stage: one look at two promises.
let local: Assembly;
let prod: Assembly;
const copy = copySources();
beforeAll(async () => {
  [local, prod] = await Promise.all([synthesize('local'), synthesize('prod', copy)]);
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true }));

const shapeOf = ({ Resources }: Template): string =>
  Object.entries(Resources)
    .map(([id, { Type }]) => `${Type} ${id}`)
    .toSorted()
    .join('\n');

test('the storage stack has this shape', () => expect(shapeOf(local.storage)).toMatchSnapshot());
test('the service stack has this shape', () => expect(shapeOf(local.service)).toMatchSnapshot());

test('the same sources give the same assets in every folder and for every stage', () => {
  expect(prod.assets).toEqual(local.assets);
});

test('what holds data keeps its logical id, or a deployment would replace it', () => {
  expect(
    Object.keys(local.storage.Resources)
      .filter((id) => !id.includes('Policy'))
      .toSorted(),
  ).toEqual(['Catalogue6D2BB205', 'MediaA721A567', 'PassageVectors', 'SiteE53D7754', 'Uploads4F6EB0FD', 'Vectors']);
});

test('in prod data outlives its stack, and the stack refuses deletion', () => {
  const stateful = Object.entries(prod.storage.Resources).filter(([id]) => !id.includes('Policy'));
  for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of stateful) {
    expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
  }
  expect([prod.terminationProtection, local.terminationProtection]).toEqual([true, false]);
});

test('nothing is a custom resource but the deployment of the site', () => {
  const custom = Object.values(local.service.Resources).filter(
    ({ Type }) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource',
  );
  expect(new Set(custom.map(({ Type }) => Type))).toEqual(new Set(['Custom::CDKBucketDeployment']));
});

test('every function of ours runs on Node 24, traced, and keeps its logs as long as the stage says', () => {
  const ours = resourcesOf(local.service, 'AWS::Lambda::Function').filter(({ id }) => !id.startsWith('CustomCDKBucketDeployment'));
  expect(ours).toHaveLength(readdirSync('lambda').filter((name) => readdirSync(join('lambda', name)).includes('handler.ts')).length);
  for (const { id, Properties } of ours) {
    expect([id, Properties.Runtime, Properties.Architectures, Properties.TracingConfig.Mode]).toEqual([
      id,
      'nodejs24.x',
      ['arm64'],
      'Active',
    ]);
    const logGroup = local.service.Resources[Properties.LoggingConfig.LogGroup.Ref];
    expect([id, logGroup?.Properties.RetentionInDays]).toEqual([id, 7]);
  }
});

test('every function is given the settings that it reads, and no others', () => {
  const always = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME'];
  for (const { Properties } of resourcesOf(local.service, 'AWS::Lambda::Function')) {
    const name = /^Pulpit: (.+)$/.exec(Properties.Description ?? '')?.[1];
    if (name === undefined) continue;
    const given = Object.keys(Properties.Environment.Variables).filter((setting) => !always.includes(setting));
    expect([name, given.toSorted()]).toEqual([name, settingsReadBy(name)]);
  }
});

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

test("the workflow's role allows every action of its tasks, and passes roles to their service only", () => {
  const machine = resourceOf(local.service, 'AWS::StepFunctions::StateMachine');
  const allowed = allows(local.service, machine.Properties.RoleArn['Fn::GetAtt'][0]);
  const tasks = statesOf(JSON.parse(machine.Properties.DefinitionString)).filter(({ state }) => state.Type === 'Task');
  for (const { name, state } of tasks) {
    const missing = actionsNeededBy(state).filter((action) => !allowed.some((statement) => actionsOf(statement).includes(action)));
    expect([name, missing]).toEqual([name, []]);
  }
  const passing = allowed.filter((statement) => actionsOf(statement).includes('iam:PassRole'));
  expect(passing.map(({ Condition }) => Condition?.['StringEquals']?.['iam:PassedToService'])).toEqual(
    expect.arrayContaining(['mediaconvert.amazonaws.com', 'ecs-tasks.amazonaws.com']),
  );
});

test('the workflow runs, asks about and stops tasks of its own cluster only', () => {
  const machine = resourceOf(local.service, 'AWS::StepFunctions::StateMachine');
  const onTasks = allows(local.service, machine.Properties.RoleArn['Fn::GetAtt'][0]).filter((statement) =>
    actionsOf(statement).some((action) => action.startsWith('ecs:')),
  );
  expect(onTasks.length).toBeGreaterThan(0);
  for (const { Action, Resource, Condition } of onTasks)
    expect([Action, JSON.stringify([Resource, Condition])]).toEqual([Action, expect.stringContaining('EmbeddingCluster')]);
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

test('no role of ours may do everything to anything', () => {
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::IAM::Policy')) {
    if (id.startsWith('CustomCDKBucketDeployment')) continue;
    const actions = Properties.PolicyDocument.Statement.flatMap(actionsOf);
    expect([id, actions.filter((action: string) => action.includes('*'))]).toEqual([id, []]);
  }
});

test('each prefix of the media bucket is written by those whose work it is', () => {
  expect(writersOf('/sermons/*')).toEqual(['PublishingBuildTranscriptRole', 'PublishingPackageStreamRole', 'TranscodingRole']);
  expect(writersOf('/search/*')).toEqual(['PublishingIndexPassagesRole']);
  expect(writersOf('/uploads/*')).toEqual([]);
});

test('whoever looks for what may not be there yet is told 404 by S3, which names no prefix when one object is read', () => {
  for (const role of ['PublishingIndexPassagesRole', 'ApiFunctionRole', 'EmbeddingTaskTaskRole']) {
    const [id = ''] = resourcesOf(local.service, 'AWS::IAM::Role').flatMap((candidate) =>
      candidate.id.startsWith(role) ? candidate.id : [],
    );
    const listing = allows(local.service, id).filter((statement) => actionsOf(statement).includes('s3:ListBucket'));
    expect([role, listing.flatMap(({ Condition = {} }) => Object.keys(Condition))]).toEqual([role, ['StringLikeIfExists']]);
  }
});

test('the catalogue has the index that the functions list by', () => {
  const { GlobalSecondaryIndexes } = resourceOf(local.storage, 'AWS::DynamoDB::GlobalTable').Properties;
  expect(GlobalSecondaryIndexes).toMatchObject([{ IndexName: LISTING_INDEX, Projection: { ProjectionType: 'ALL' } }]);
});

test('CloudFront reads the pages and what is published, never work or shards', () => {
  const readable = resourcesOf(local.storage, 'AWS::S3::BucketPolicy').flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service === 'cloudfront.amazonaws.com',
    ),
  );
  expect(readable.map(({ Action, Resource }) => [Action, Resource['Fn::Join'][1].at(-1)])).toEqual([
    ['s3:GetObject', '/sermons/*'],
    ['s3:GetObject', '/*'],
  ]);
});

test('every bucket and queue answers over TLS only', () => {
  for (const type of ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'] as const) {
    for (const { id, Properties } of [...resourcesOf(local.storage, type), ...resourcesOf(local.service, type)]) {
      expect([id, Properties.PolicyDocument.Statement]).toEqual([
        id,
        expect.arrayContaining([expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      ]);
    }
  }
});

test('pages, media and API are one origin; playlists are kept shortly, media for a year', () => {
  const { DistributionConfig } = resourceOf(local.service, 'AWS::CloudFront::Distribution').Properties;
  const seconds = ({ CachePolicyId }: { CachePolicyId: { Ref: string } }): number =>
    local.service.Resources[CachePolicyId.Ref]?.Properties.CachePolicyConfig.DefaultTTL;
  const behaviours = DistributionConfig.CacheBehaviors.map((behaviour: { PathPattern: string; CachePolicyId: { Ref: string } }) => [
    behaviour.PathPattern,
    seconds(behaviour),
  ]);
  expect(behaviours).toEqual([
    ['sermons/*/*/*/*.m3u8', 60],
    ['sermons/*/*/*/*', 365 * 86_400],
    ['v1/*', 0],
  ]);
});

test('pages run no inline script, and may play through blobs', () => {
  const headers = resourceOf(local.service, 'AWS::CloudFront::ResponseHeadersPolicy', 'DeliveryHeadersPages').Properties
    .ResponseHeadersPolicyConfig;
  const policy: string = headers.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).toContain("media-src 'self' blob:");
});

test('the task can be reached by nobody and runs with a read-only root', () => {
  const group = resourceOf(local.service, 'AWS::EC2::SecurityGroup');
  expect(group.Properties.SecurityGroupIngress).toBeUndefined();
  const task = resourceOf(local.service, 'AWS::ECS::TaskDefinition');
  expect(task.Properties.ContainerDefinitions).toMatchObject([{ Name: 'embedding', ReadonlyRootFilesystem: true }]);
  // A redriven run starts the revision it was started with, so a deployment must not take it away.
  expect(task.UpdateReplacePolicy).toBe('Retain');
});

test('what the command line reads is put out', () => {
  expect(Object.keys(local.service.Outputs)).toEqual(
    expect.arrayContaining([
      'SiteUrl',
      'ApiUrl',
      'UploadBucket',
      'MediaBucket',
      'CatalogueTable',
      'StateMachineArn',
      'UploadQueueUrl',
      'DeadLetterQueueUrl',
      'EventBusName',
    ]),
  );
});

/** Actions that Step Functions takes for a state, after its documentation of each integration. */
function actionsNeededBy({ Resource = '' }: State): readonly string[] {
  const rules = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];
  const needed: Readonly<Record<string, readonly string[]>> = {
    'arn:aws:states:::lambda:invoke': ['lambda:InvokeFunction'],
    'arn:aws:states:::lambda:invoke.waitForTaskToken': ['lambda:InvokeFunction'],
    'arn:aws:states:::aws-sdk:s3:copyObject': ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    'arn:aws:states:::mediaconvert:createJob.sync': [
      'mediaconvert:CreateJob',
      'mediaconvert:GetJob',
      'mediaconvert:CancelJob',
      'iam:PassRole',
      ...rules,
    ],
    'arn:aws:states:::ecs:runTask.sync': ['ecs:RunTask', 'ecs:StopTask', 'ecs:DescribeTasks', 'iam:PassRole', ...rules],
    'arn:aws:states:::events:putEvents': ['events:PutEvents'],
  };
  const actions = needed[Resource];
  if (actions === undefined) throw new Error(`write down here which actions ${Resource} takes`);
  return actions;
}

/** Roles that may put objects below a prefix. */
const writersOf = (prefix: string): readonly string[] =>
  resourcesOf(local.service, 'AWS::IAM::Policy')
    .filter(({ Properties }) =>
      Properties.PolicyDocument.Statement.some(
        (statement: Statement) => actionsOf(statement).includes('s3:PutObject') && JSON.stringify(statement.Resource).includes(prefix),
      ),
    )
    .flatMap(({ Properties }): string[] => Properties.Roles.map(({ Ref }: { Ref: string }) => Ref.replace(/[0-9A-F]{8}$/, '')))
    .toSorted();

/** Names that the function's own files give to the readers of `lambda/shared/environment.ts`. */
function settingsReadBy(name: string): readonly string[] {
  const folder = join('lambda', name);
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const read = [...source.matchAll(/required(?:Number|Integer)?\('(\w+)'\)|process\.env\['(\w+)'\]/g)].map(
    ([, required, optional]) => required ?? optional ?? '',
  );
  return [...new Set(read)].toSorted();
}
