import type { Operation } from '../../gateway/service.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, compareKeys, limit, quoted, text } from '../s3-input.ts';
import { findUpload } from './multipart-upload.ts';

const LARGEST_PAGE = 1000;

/** ListParts. */
export function listParts(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:ListMultipartUploadParts', resource: arnOf(input['Bucket'], input['Key']) }],
    run(input) {
      const { uploadId, bucket, key } = findUpload(context, input);
      const marker = Number(input['PartNumberMarker'] ?? 0);
      const maxParts = limit(input, 'MaxParts', LARGEST_PAGE);
      const rest = context.uploads.parts(uploadId).filter((part) => part.partNumber > marker);
      const page = rest.slice(0, maxParts);
      return {
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        PartNumberMarker: String(marker),
        MaxParts: maxParts,
        IsTruncated: rest.length > page.length,
        ...(rest.length > page.length ? { NextPartNumberMarker: String(page.at(-1)?.partNumber ?? marker) } : {}),
        StorageClass: 'STANDARD',
        Parts: page.map((part) => ({
          PartNumber: part.partNumber,
          ETag: quoted(part.etag),
          Size: part.sizeBytes,
          LastModified: part.modified,
        })),
      };
    },
  };
}

/** ListMultipartUploads. */
export function listMultipartUploads(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:ListBucketMultipartUploads', resource: arnOf(input['Bucket']) }],
    run(input) {
      const bucket = context.buckets.get(text(input, 'Bucket')).name;
      const prefix = String(input['Prefix'] ?? '');
      const keyMarker = String(input['KeyMarker'] ?? '');
      const idMarker = String(input['UploadIdMarker'] ?? '');
      const maxUploads = limit(input, 'MaxUploads', LARGEST_PAGE);
      const all = context.uploads.list(bucket).filter(({ key }) => key.startsWith(prefix));
      const markerAt = all.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === idMarker);
      const rest = markerAt >= 0 ? all.slice(markerAt + 1) : all.filter(({ key }) => compareKeys(key, keyMarker) > 0);
      const page = rest.slice(0, maxUploads);
      const last = page.at(-1);
      const truncated = rest.length > page.length;
      return {
        Bucket: bucket,
        Prefix: prefix,
        MaxUploads: maxUploads,
        IsTruncated: truncated,
        ...(truncated && last !== undefined ? { NextKeyMarker: last.key, NextUploadIdMarker: last.uploadId } : {}),
        Uploads: page.map(({ key, uploadId, initiated }) => ({
          Key: key,
          UploadId: uploadId,
          Initiated: initiated,
          StorageClass: 'STANDARD',
        })),
      };
    },
  };
}
