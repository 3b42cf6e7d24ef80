import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/service.ts';
import { checkWriteConditions } from '../conditions.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, newKey, quoted, text } from '../s3-input.ts';
import { findSource, sourcePermission } from './copy-source.ts';
import { attributesOf, insertObject, versionIdOf } from './put-object.ts';

/** CopyObject: the copy refers to the same blobs, so it costs no space and no time. */
export function copyObject(context: S3Context): Operation {
  return {
    permissions: (input) => [sourcePermission(input), { action: 's3:PutObject', resource: arnOf(input['Bucket'], input['Key']) }],
    run(input, caller) {
      const bucket = context.buckets.get(text(input, 'Bucket'));
      const key = newKey(input);
      const replace = input['MetadataDirective'] === 'REPLACE';
      return context.cloud.store.write(() => {
        const source = findSource(context, input, caller);
        if (source.bucket === bucket.name && source.key === key && source.isLatest && !replace) {
          throw new AwsError(
            'InvalidRequest',
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
          );
        }
        checkWriteConditions(input, context.objects.latest(bucket.name, key));
        const pieces = context.objects.pieces(source.sequence);
        const checksums = Object.fromEntries(Object.entries(source.attributes).filter(([name]) => name.startsWith('Checksum')));
        const attributes = replace ? { ...attributesOf(input), ...checksums } : source.attributes;
        const version = insertObject(context, { bucket, key, etag: source.etag, attributes, pieces }, 'CopyObject', caller);
        return {
          CopyObjectResult: { ETag: quoted(version.etag), LastModified: version.modified },
          CopySourceVersionId: versionIdOf(source)['VersionId'] as unknown,
          ...versionIdOf(version),
        };
      });
    },
  };
}
