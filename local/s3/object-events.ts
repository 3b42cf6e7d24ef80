import { randomBytes } from 'node:crypto';
import type { Principal } from '../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { NULL_VERSION, type ObjectVersion } from './object-table.ts';
import type { S3Context } from './s3-context.ts';

/** How an object came to be, as the event's `reason` says it. */
export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

/** S3 writes sequencers as hexadecimal digits; within one key a later one sorts after an earlier one. */
function sequencerOf(sequence: number): string {
  return sequence.toString(16).toUpperCase().padStart(16, '0');
}

/** Publishes "Object Created", if the bucket sends events. Call it in the transaction that writes the object. */
export function publishCreated(
  context: S3Context,
  bucket: Bucket,
  version: ObjectVersion,
  reason: CreationReason,
  caller: Principal,
): void {
  publish(context, bucket, 'Object Created', caller, {
    object: {
      key: version.key,
      size: version.sizeBytes,
      etag: version.etag,
      ...versionId(version.versionId),
      sequencer: sequencerOf(version.sequence),
    },
    reason,
  });
}

/** Publishes "Object Deleted": a delete marker was put on the key, or a version is gone for good. */
export function publishDeleted(
  context: S3Context,
  bucket: Bucket,
  deleted: { readonly key: string; readonly versionId: string; readonly sequence: number; readonly marker: boolean },
  caller: Principal,
): void {
  publish(context, bucket, 'Object Deleted', caller, {
    object: { key: deleted.key, ...versionId(deleted.versionId), sequencer: sequencerOf(deleted.sequence) },
    reason: 'DeleteObject',
    'deletion-type': deleted.marker ? 'Delete Marker Created' : 'Permanently Deleted',
  });
}

function versionId(id: string): object {
  return id === NULL_VERSION ? {} : { 'version-id': id };
}

function publish(
  { cloud }: S3Context,
  bucket: Bucket,
  detailType: string,
  caller: Principal,
  { object, ...rest }: { readonly object: object; readonly [member: string]: unknown },
): void {
  if (!bucket.sendsEvents) return;
  cloud.events.publish({
    source: 'aws.s3',
    detailType,
    resources: [bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object,
      'request-id': randomBytes(8).toString('hex').toUpperCase(),
      requester: caller.kind === 'service' ? caller.name : cloud.accountId,
      'source-ip-address': '127.0.0.1',
      ...rest,
    },
  });
}
