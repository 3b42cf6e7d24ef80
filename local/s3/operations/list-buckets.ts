import type { Operation } from '../../gateway/service.ts';
import type { S3Context } from '../s3-context.ts';

/** ListBuckets. */
export function listBuckets(context: S3Context): Operation {
  return {
    permissions: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    run: () => ({ Buckets: context.buckets.all().map(({ name }) => ({ Name: name })) }),
  };
}
