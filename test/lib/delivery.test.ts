import { beforeAll, expect, test } from '@jest/globals';
import { ORIGIN_HEADER } from '../../lambda/shared/origin-header.ts';
import { type Assembly, resourceOf, resourcesOf, synthesized } from './assembly.ts';

let local: Assembly;
beforeAll(async () => {
  local = await synthesized('local');
}, 300_000);

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
