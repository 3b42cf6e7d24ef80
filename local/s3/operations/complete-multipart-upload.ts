import { createHash } from 'node:crypto';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Operation } from '../../gateway/service.ts';
import { checkWriteConditions } from '../conditions.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, quoted, text } from '../s3-input.ts';
import type { Part } from '../upload-table.ts';
import { findUpload } from './multipart-upload.ts';
import { insertObject, versionIdOf } from './put-object.ts';

// Every part but the last must be this large.
const SMALLEST_PART_BYTES = 5 * 1024 ** 2;

/** CompleteMultipartUpload: the object consists of the parts' own blobs; nothing is copied. */
export function completeMultipartUpload(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:PutObject', resource: arnOf(input['Bucket'], input['Key']) }],
    run(input, caller) {
      const bucket = context.buckets.get(text(input, 'Bucket'));
      return context.cloud.store.write(() => {
        const { uploadId, key, attributes } = findUpload(context, input);
        const parts = chosenParts(context.uploads.parts(uploadId), input);
        checkWriteConditions(input, context.objects.latest(bucket.name, key));
        const pieces = parts.flatMap((part) => context.objects.pieces(part.owner));
        const version = insertObject(
          context,
          { bucket, key, etag: multipartEtag(parts), attributes, pieces },
          'CompleteMultipartUpload',
          caller,
        );
        context.uploads.remove(uploadId);
        return {
          Bucket: bucket.name,
          Key: key,
          ETag: quoted(version.etag),
          Location: `${context.cloud.endpoint}/${bucket.name}/${encodeURIComponent(key)}`,
          ...versionIdOf(version),
        };
      });
    },
  };
}

function multipartEtag(parts: readonly Part[]): string {
  const digest = createHash('md5');
  for (const part of parts) digest.update(part.etag, 'hex');
  return `${digest.digest('hex')}-${parts.length}`;
}

/** The parts that the request lists, checked as S3 checks them. @throws AwsError */
function chosenParts(uploaded: readonly Part[], input: Members): readonly Part[] {
  const listed: unknown = input['MultipartUpload']?.['Parts'];
  if (!Array.isArray(listed) || listed.length === 0) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema: it lists no parts',
    );
  }
  const parts = (listed as readonly Members[]).map((entry) => {
    const part = uploaded.find(({ partNumber }) => partNumber === Number(entry['PartNumber']));
    if (part === undefined || (entry['ETag'] !== undefined && String(entry['ETag']).replaceAll('"', '') !== part.etag)) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { PartNumber: Number(entry['PartNumber']) },
      );
    }
    return part;
  });
  for (const [index, part] of parts.entries()) {
    const previous = parts[index - 1];
    if (previous !== undefined && previous.partNumber >= part.partNumber) {
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    }
    if (index < parts.length - 1 && part.sizeBytes < SMALLEST_PART_BYTES) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: part.sizeBytes,
        MinSizeAllowed: SMALLEST_PART_BYTES,
        PartNumber: part.partNumber,
      });
    }
  }
  return parts;
}
