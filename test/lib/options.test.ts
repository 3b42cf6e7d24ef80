import { beforeAll, expect, test } from '@jest/globals';
import { type Assembly, resourceOf, resourcesOf, synthesizeWith } from './assembly.ts';
import { actionsOf, allows } from './policies.ts';

const domainName = 'sermons.example.org';
const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';
const webAclArn = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/12345678';
const permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
const existingSubnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

let set: Assembly;
beforeAll(async () => {
  set = await synthesizeWith('dev', {
    domainName,
    certificateArn,
    webAclArn,
    permissionsBoundaryArn,
    existingVpcId: 'vpc-0123456789abcdef0',
    existingSubnetIds,
    customerManagedKey: true,
    tags: { owner: 'media team' },
    priceClass: 'All',
    accessLogDays: 7,
    replacedUploadDays: 14,
    logRetentionDays: 14,
  });
}, 300_000);

test('the site has the domain and its certificate, over TLS 1.2 and newer', () => {
  const { DistributionConfig } = resourceOf(set.service, 'AWS::CloudFront::Distribution').Properties;
  expect(DistributionConfig).toMatchObject({
    Aliases: [domainName],
    ViewerCertificate: { AcmCertificateArn: certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
    WebACLId: webAclArn,
    PriceClass: 'PriceClass_All',
  });
  expect(set.service.Outputs['SiteUrl']).toEqual({ Value: `https://${domainName}` });
});

test('every role is bounded', () => {
  const roles = [...resourcesOf(set.storage, 'AWS::IAM::Role'), ...resourcesOf(set.service, 'AWS::IAM::Role')];
  expect(roles.length).toBeGreaterThan(10);
  for (const { id, Properties } of roles) expect([id, Properties.PermissionsBoundary]).toEqual([id, permissionsBoundaryArn]);
});

test('the task runs in the network that was there, and none is made', () => {
  expect(Object.values(set.service.Resources).filter(({ Type }) => /^AWS::EC2::(VPC|Subnet|InternetGateway|Route)/.test(Type))).toEqual([]);
  expect(resourceOf(set.service, 'AWS::EC2::SecurityGroup').Properties.VpcId).toBe('vpc-0123456789abcdef0');
  const machine = resourceOf(set.service, 'AWS::StepFunctions::StateMachine');
  expect(machine.Properties.DefinitionSubstitutions.embeddingSubnetIds).toBe(existingSubnetIds.join(','));
});

test("recordings, what is made of them, and the catalogue are encrypted with the deployment's own key, which rotates", () => {
  const key = resourceOf(set.storage, 'AWS::KMS::Key');
  expect(key.Properties.EnableKeyRotation).toBe(true);
  const encrypted = resourcesOf(set.storage, 'AWS::S3::Bucket').filter(({ Properties }) =>
    JSON.stringify(Properties.BucketEncryption).includes(key.id),
  );
  expect(encrypted.map(({ id }) => id)).toEqual(['Uploads4F6EB0FD', 'MediaA721A567']);
  const table = resourceOf(set.storage, 'AWS::DynamoDB::GlobalTable').Properties;
  expect(table.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
  expect(JSON.stringify(table.Replicas)).toContain(key.id);
});

test('who may read or write what the key encrypts may use the key for that, and CloudFront may read', () => {
  for (const { id } of resourcesOf(set.service, 'AWS::IAM::Role').filter((role) => !role.id.startsWith('CustomCDK'))) {
    const statements = allows(set.service, id);
    const actions = new Set(statements.flatMap(actionsOf));
    const usesKey = JSON.stringify(statements).includes('Key');
    expect([id, actions.has('kms:Decrypt') && usesKey]).toEqual([id, actions.has('s3:GetObject') || has(actions, 'dynamodb:')]);
    const writes = actions.has('s3:PutObject') || has(actions, 'dynamodb:UpdateItem') || has(actions, 'dynamodb:PutItem');
    expect([id, actions.has('kms:GenerateDataKey')]).toEqual([id, writes]);
  }
  expect(JSON.stringify(resourceOf(set.storage, 'AWS::KMS::Key').Properties.KeyPolicy)).toContain('cloudfront.amazonaws.com');
});

test('everything that can be tagged has the tags', () => {
  for (const resource of [...resourcesOf(set.storage, 'AWS::S3::Bucket'), ...resourcesOf(set.service, 'AWS::SQS::Queue')])
    expect([resource.id, resource.Properties.Tags]).toEqual([
      resource.id,
      expect.arrayContaining([
        { Key: 'owner', Value: 'media team' },
        { Key: 'stage', Value: 'dev' },
      ]),
    ]);
});

test('logs, access logs and replaced uploads are kept as long as the settings say', () => {
  expect(new Set(resourcesOf(set.service, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays))).toEqual(
    new Set([14]),
  );
  const rules = (idStart: string) => resourceOf(set.storage, 'AWS::S3::Bucket', idStart).Properties.LifecycleConfiguration.Rules;
  expect(rules('AccessLogs')).toContainEqual(expect.objectContaining({ ExpirationInDays: 7 }));
  expect(rules('Uploads')).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 14 } }));
});

const has = (actions: ReadonlySet<string>, service: string): boolean => [...actions].some((action) => action.startsWith(service));
