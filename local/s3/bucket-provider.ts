import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { CorsRule } from './codec/cors.ts';
import type { S3Context } from './s3-context.ts';
import { arnOf } from './s3-input.ts';

/** Deploys `AWS::S3::Bucket`. Lifecycle rules, encryption, ownership and public access settings are accepted and change nothing. */
export function bucketProvider({ cloud, buckets }: S3Context): ResourceProvider {
  return ({ physicalName, properties }) => {
    const name = String(properties['BucketName'] ?? physicalName);
    const eventBridge = properties['NotificationConfiguration']?.['EventBridgeConfiguration'] as
      | Record<string, string | boolean>
      | undefined;
    buckets.define({
      name,
      arn: arnOf(name),
      versioned: properties['VersioningConfiguration']?.['Status'] === 'Enabled',
      // EventBridgeEnabled is true unless it says otherwise.
      sendsEvents: eventBridge !== undefined && String(eventBridge['EventBridgeEnabled'] ?? true) === 'true',
      corsRules: (properties['CorsConfiguration']?.['CorsRules'] ?? []) as readonly CorsRule[],
    });
    return {
      ref: name,
      attributes: {
        Arn: arnOf(name),
        DomainName: `${name}.s3.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${cloud.region}.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
        WebsiteURL: `http://${name}.s3-website-${cloud.region}.amazonaws.com`,
      },
    };
  };
}

/** Deploys `AWS::S3::BucketPolicy`: kept, not evaluated (docs/limits.md). */
export function bucketPolicyProvider({ buckets }: S3Context): ResourceProvider {
  return ({ properties, physicalName }) => {
    buckets.policies.set(String(properties['Bucket']), properties['PolicyDocument']);
    return { ref: physicalName };
  };
}
