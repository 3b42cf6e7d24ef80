import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Assembly, type Template, copySources, resourceOf, resourcesOf, synthesize } from './assembly.ts';
import { LISTING_INDEX } from '../../lambda/shared/catalogue.ts';
import { ORIGIN_HEADER } from '../../lambda/shared/origin-header.ts';
import { physicalNames } from '../../lib/physical-names.ts';
import { settingsFor } from '../../lib/settings.ts';
import { type Statement, actionsOf, allows } from './policies.ts';
import { type State, statesOf } from './states.ts';

// All at once, and one in another folder and for another stage: one look at two promises.
let local: Assembly;
let dev: Assembly;
let prod: Assembly;
const copy = copySources();
beforeAll(async () => {
  [local, dev, prod] = await Promise.all([synthesize('local'), synthesize('dev'), synthesize('prod', copy)]);
}, 300_000);
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
  ).toEqual(['AccessLogs8B620ECA', 'Catalogue6D2BB205', 'MediaA721A567', 'PassageVectors', 'SiteE53D7754', 'Uploads4F6EB0FD', 'Vectors']);
});

test('in prod data outlives its stack, and the stack refuses deletion', () => {
  const stateful = Object.entries(prod.storage.Resources).filter(([id]) => !id.includes('Policy'));
  for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of stateful) {
    expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
  }
  expect([prod.terminationProtection, local.terminationProtection]).toEqual([true, false]);
});

test('each stage has its own numbers, and only prod keeps its data', () => {
  expect([facts(local), facts(dev), facts(prod)]).toEqual([
    { settleSeconds: '1', concurrentJobs: 2, requestsPerSecond: 50, uploads: 'Delete' },
    { settleSeconds: '30', concurrentJobs: 10, requestsPerSecond: 50, uploads: 'Delete' },
    { settleSeconds: '30', concurrentJobs: 20, requestsPerSecond: 500, uploads: 'Retain' },
  ]);
});

test('stages are built of the same resources, so that what runs on one machine is what is deployed', () => {
  expect(kinds(dev)).toEqual(kinds(local));
  expect(kinds(prod)).toEqual(kinds(local));
});

test('nothing has a name of our choice but what a service demands one for', () => {
  // Alarms and the dashboard are named too, so that people find them; they hold nothing.
  const nameProperties: Readonly<Record<string, string>> = {
    'AWS::DynamoDB::GlobalTable': 'TableName',
    'AWS::ECS::Cluster': 'ClusterName',
    'AWS::Events::Rule': 'Name',
    'AWS::IAM::Role': 'RoleName',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::MediaConvert::Queue': 'Name',
    'AWS::S3::Bucket': 'BucketName',
    'AWS::S3Vectors::Index': 'IndexName',
    'AWS::S3Vectors::VectorBucket': 'VectorBucketName',
    'AWS::SecretsManager::Secret': 'Name',
    'AWS::SNS::Topic': 'TopicName',
    'AWS::SQS::Queue': 'QueueName',
    'AWS::StepFunctions::StateMachine': 'StateMachineName',
    'AWS::StepFunctions::StateMachineAlias': 'Name',
  };
  const names = [...Object.values(local.storage.Resources), ...Object.values(local.service.Resources)].flatMap(({ Type, Properties }) => {
    const name: string | undefined = Properties?.[nameProperties[Type] ?? ''];
    return name === undefined ? [] : [name];
  });
  const { vectorIndex, uploadQueue, workflowAlias, publishSermonLogs } = physicalNames(settingsFor('local'));
  expect(names.toSorted()).toEqual([vectorIndex, uploadQueue, workflowAlias, publishSermonLogs].toSorted());
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

test('no role of ours may do everything to anything', () => {
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::IAM::Policy')) {
    if (id.startsWith('CustomCDKBucketDeployment')) continue;
    const actions = Properties.PolicyDocument.Statement.flatMap(actionsOf);
    expect([id, actions.filter((action: string) => action.includes('*'))]).toEqual([id, []]);
  }
});

test('every function of ours calls what its role allows it', () => {
  // Done on a function's behalf by Lambda, by the tracing daemon, or by a service that is handed a role.
  const byOthers = /^(logs|xray|sqs|iam|kms):/;
  // Transcribe asks whether who starts a job may read the recording and write the answer.
  const askedOfCaller: Readonly<Record<string, readonly string[]>> = { 'start-transcription': ['s3:GetObject', 's3:PutObject'] };
  const uses: Readonly<Record<string, string>> = { 's3:ListBucket': '(GetObject|ListObjectsV2)', 'transcribe:TagResource': 'Tags' };
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::Lambda::Function')) {
    const name = /^Pulpit: (.+)$/.exec(Properties.Description ?? '')?.[1];
    if (name === undefined) continue;
    const folder = join('build', 'lambda', name);
    const bundle = readdirSync(folder).find((file) => file.startsWith('index.')) ?? '';
    const code = readFileSync(join(folder, bundle), 'utf8');
    const granted = allows(local.service, Properties.Role['Fn::GetAtt'][0]).flatMap(actionsOf);
    const idle = granted
      .filter((action) => !byOthers.test(action) && askedOfCaller[name]?.includes(action) !== true)
      .filter((action) => !new RegExp(`\\b${uses[action] ?? action.split(':')[1]}\\b`).test(code));
    expect([id, granted.length > 0, idle]).toEqual([id, true, []]);
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

test("an API error stays one: no error of the distribution's becomes a page, and requests are noted", () => {
  const { DistributionConfig } = resourceOf(local.service, 'AWS::CloudFront::Distribution').Properties;
  expect(DistributionConfig.CustomErrorResponses).toBeUndefined();
  expect(DistributionConfig.HttpVersion).toBe('http2and3');
  expect(DistributionConfig.Logging).toMatchObject({ Bucket: { 'Fn::ImportValue': expect.stringContaining('AccessLogs') } });
});

test('the API is reached through CloudFront only, is throttled, and notes requests without what was searched for', () => {
  const secret = resourceOf(local.service, 'AWS::SecretsManager::Secret');
  expect(secret.Properties.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 49 });
  const { Origins } = resourceOf(local.service, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
  expect(Origins.flatMap(({ OriginCustomHeaders = [] }) => OriginCustomHeaders)).toEqual([
    {
      HeaderName: ORIGIN_HEADER,
      HeaderValue: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret.id }, ':SecretString:::}}']] },
    },
  ]);
  const { DefaultRouteSettings, AccessLogSettings } = resourceOf(local.service, 'AWS::ApiGatewayV2::Stage').Properties;
  expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
  expect(AccessLogSettings.Format).toContain('$context.status');
  expect(AccessLogSettings.Format).not.toMatch(/query|sourceIp/i);
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

/** What tells stages apart. */
const facts = ({ storage, service }: Assembly) => {
  const machine = resourceOf(service, 'AWS::StepFunctions::StateMachine').Properties;
  return {
    settleSeconds: machine.DefinitionSubstitutions.settleSeconds,
    concurrentJobs: resourceOf(service, 'AWS::MediaConvert::Queue').Properties.ConcurrentJobs,
    requestsPerSecond: resourceOf(service, 'AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings.ThrottlingRateLimit,
    uploads: resourceOf(storage, 'AWS::S3::Bucket', 'Uploads').DeletionPolicy,
  };
};

const kinds = ({ storage, service }: Assembly) =>
  [...Object.values(storage.Resources), ...Object.values(service.Resources)].map(({ Type }) => Type).toSorted();

const lifecycleRules = (idStart: string) => resourceOf(local.storage, 'AWS::S3::Bucket', idStart).Properties.LifecycleConfiguration.Rules;

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
