import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Assembly, type Template, copySources, resourceOf, resourcesOf, synthesize, synthesized } from './assembly.ts';
import { physicalNames } from '../../lib/physical-names.ts';
import { settingsFor } from '../../lib/settings.ts';

// All at once, and one in another folder and for another stage: one look at two promises.
let local: Assembly;
let dev: Assembly;
let prod: Assembly;
const copy = copySources();
beforeAll(async () => {
  [local, dev, prod] = await Promise.all([synthesized('local'), synthesized('dev'), synthesize('prod', copy)]);
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
