import type { Operation } from '../../gateway/service.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, text } from '../s3-input.ts';

/** HeadBucket. */
export function headBucket(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:ListBucket', resource: arnOf(input['Bucket']) }],
    run(input) {
      context.buckets.get(text(input, 'Bucket'));
      return { BucketRegion: context.cloud.region };
    },
  };
}

/** GetBucketLocation. The region us-east-1 is written as no constraint at all, for historical reasons. */
export function getBucketLocation(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:GetBucketLocation', resource: arnOf(input['Bucket']) }],
    run(input) {
      context.buckets.get(text(input, 'Bucket'));
      return context.cloud.region === 'us-east-1' ? {} : { LocationConstraint: context.cloud.region };
    },
  };
}

/** ListBuckets. */
export function listBuckets(context: S3Context): Operation {
  return {
    permissions: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    run: () => ({ Buckets: context.buckets.all().map(({ name }) => ({ Name: name })) }),
  };
}
