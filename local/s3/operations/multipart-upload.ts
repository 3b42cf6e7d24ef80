import { randomBytes } from 'node:crypto';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Operation } from '../../gateway/service.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, newKey, text } from '../s3-input.ts';
import type { Upload } from '../upload-table.ts';
import { attributesOf } from './put-object.ts';

/** CreateMultipartUpload. */
export function createMultipartUpload(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:PutObject', resource: arnOf(input['Bucket'], input['Key']) }],
    run(input) {
      const bucket = context.buckets.get(text(input, 'Bucket')).name;
      const key = newKey(input);
      const uploadId = randomBytes(48).toString('base64url');
      context.cloud.store.write(() => context.uploads.create({ uploadId, bucket, key, attributes: attributesOf(input) }));
      const algorithm: unknown = input['ChecksumAlgorithm'];
      return { Bucket: bucket, Key: key, UploadId: uploadId, ...(algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm }) };
    },
  };
}

/** AbortMultipartUpload: the parts are gone for good. */
export function abortMultipartUpload(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:AbortMultipartUpload', resource: arnOf(input['Bucket'], input['Key']) }],
    run(input) {
      const { uploadId } = findUpload(context, input);
      context.cloud.store.write(() => context.uploads.remove(uploadId));
      return {};
    },
  };
}

/** The upload that a request names. @throws AwsError NoSuchUpload */
export function findUpload(context: S3Context, input: Members): Upload {
  const upload = context.uploads.find(text(input, 'UploadId'));
  const bucket = context.buckets.get(text(input, 'Bucket')).name;
  if (upload === undefined || upload.bucket !== bucket || upload.key !== text(input, 'Key')) {
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    );
  }
  return upload;
}
