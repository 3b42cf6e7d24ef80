import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { Construct, IConstruct } from 'constructs';
import type { Storage } from './service-context.ts';

/** What may be done, on what, and only when. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: iam.Conditions;
  /** Why a resource with a wildcard is narrow enough; kept beside the finding it answers. */
  readonly wildcardReason?: string;
}

/** Adds to what `role` may do. */
export function allow(role: iam.Role, { actions, resources, conditions, wildcardReason }: Permission): void {
  role.addToPolicy(
    new iam.PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions === undefined ? {} : { conditions }) }),
  );
  if (wildcardReason !== undefined) acknowledge(role, wildcardReason, ...resources.map((resource) => wildcardFinding(role, resource)));
}

/** Key prefixes, each such as `work/`, by what may be done below them. */
export interface ObjectAccess {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Listing; without it S3 answers 403 instead of 404 for a key that does not exist. */
  readonly list?: readonly string[];
}

/** Lets `role` touch objects below some prefixes, and nothing else: narrower than the bucket's own grants, which list all of it. */
export function allowObjects(role: iam.Role, bucket: s3.Bucket, { read = [], write = [], list = [] }: ObjectAccess): void {
  const below = (actions: readonly string[], prefixes: readonly string[]): void => {
    if (prefixes.length === 0) return;
    allow(role, {
      actions,
      resources: prefixes.map((prefix) => objectsBelow(role, bucket, prefix)),
      wildcardReason: 'objects of every sermon, below a prefix that says what they are for',
    });
  };
  below(['s3:GetObject'], read);
  below(['s3:PutObject'], write);
  // A writer decrypts as well, to put the parts of a large file together.
  const keyActions = write.length > 0 ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  if (read.length > 0 || write.length > 0) allowKey(role, bucket.encryptionKey, keyActions);
  if (list.length > 0) {
    // "If exists", because a read of one object names no prefix: with StringLike, S3 would say 403 for what is not there yet.
    const conditions = { StringLikeIfExists: { 's3:prefix': list.map((prefix) => `${prefix}*`) } };
    allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions });
  }
}

/** Lets `role` use the key that encrypts what it may touch, where there is one of ours. */
export function allowKey(role: iam.Role, key: kms.IKey | undefined, actions: readonly string[]): void {
  if (key !== undefined) allow(role, { actions, resources: [key.keyArn] });
}

/** ARN of all objects below a prefix. Across stacks it names the export, which the finding's id has to name as well. */
export function objectsBelow(scope: Construct, bucket: s3.Bucket, prefix: string): string {
  const home = Stack.of(bucket);
  const arn = home === Stack.of(scope) ? bucket.bucketArn : home.exportValue(bucket.bucketArn);
  return `${arn}/${prefix}*`;
}

/** The catalogue's index of sermons by what a list shows. */
export const LISTING_INDEX = 'byListing';

/** Lets `role` do `actions` (`GetItem`, …) on the catalogue; `Query` is for its index of listings. */
export function allowCatalogue(
  role: iam.Role,
  { catalogue: table, key }: Pick<Storage, 'catalogue' | 'key'>,
  ...actions: readonly string[]
): void {
  const onItems = actions.filter((action) => action !== 'Query').map((action) => `dynamodb:${action}`);
  if (onItems.length > 0) allow(role, { actions: onItems, resources: [table.tableArn] });
  // DynamoDB uses the key on behalf of who calls it; the actions are those that the CDK grants with a key of its own making.
  const writes = actions.some((action) => /^(Put|Update|Delete)/.test(action));
  const toWrite = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];
  allowKey(role, key, ['kms:Decrypt', 'kms:DescribeKey', ...(writes ? toWrite : [])]);
  if (actions.includes('Query')) allow(role, { actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${LISTING_INDEX}`] });
}

/** Lets `role` do what the service authorises on no narrower resource, by a policy of its own, so that the reason covers nothing else. */
export function allowOnAny(scope: Construct, id: string, role: iam.Role, actions: readonly string[], reason: string): void {
  const policy = new iam.Policy(scope, id, {
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: [...actions], resources: ['*'] })],
  });
  acknowledge(policy, reason, wildcardFinding(policy, '*'));
}

/** What cdk-nag calls a wildcard in a policy: the resource as the template will show it. */
export const wildcardFinding = (scope: Construct, resource: string): string =>
  `AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(resource))}]`;

/** Accepts findings of the rules on one construct, for a reason that a reviewer can check. */
export function acknowledge(construct: IConstruct, reason: string, ...ids: readonly string[]): void {
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}
