import type { Members, Operation, Permission, Principal } from '../../gateway/service.ts';
import type { Bucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { publishDeleted } from '../object-events.ts';
import { NULL_VERSION } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, optionalText, text } from '../s3-input.ts';
import { newVersionId } from './put-object.ts';

/** DeleteObject: in a versioned bucket it puts a delete marker on the key, unless a version is named. */
export function deleteObject(context: S3Context): Operation {
  return {
    permissions: (input) => [deletePermission(input['Bucket'], input)],
    run(input, caller) {
      const bucket = context.buckets.get(text(input, 'Bucket'));
      text(input, 'Key');
      return context.cloud.store.write(() => deleteOne(context, bucket, input, caller));
    },
  };
}

function deletePermission(bucket: string, object: Members): Permission {
  const action = object['VersionId'] === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return { action, resource: arnOf(bucket, text(object, 'Key')) };
}

/** Deletes inside the caller's transaction. A key or version that is not there is no error, as in S3. */
function deleteOne(context: S3Context, bucket: Bucket, input: Members, caller: Principal): Members {
  const key = text(input, 'Key');
  const versionId = optionalText(input, 'VersionId');
  if (input['IfMatch'] !== undefined) checkWriteConditions(input, context.objects.latest(bucket.name, key));
  if (versionId === undefined && bucket.versioned) return putDeleteMarker(context, bucket, key, caller);
  const version = context.objects.version(bucket.name, key, versionId ?? NULL_VERSION);
  if (version === undefined) return versionId === undefined ? {} : { VersionId: versionId };
  context.objects.remove(version);
  publishDeleted(context, bucket, { ...version, sequence: context.objects.nextSequence(), marker: false }, caller);
  return { ...(versionId === undefined ? {} : { VersionId: versionId }), ...(version.isDeleteMarker ? { DeleteMarker: true } : {}) };
}

function putDeleteMarker(context: S3Context, bucket: Bucket, key: string, caller: Principal): Members {
  const marker = { bucket: bucket.name, key, versionId: newVersionId(), isDeleteMarker: true, etag: '', attributes: {} };
  const version = context.objects.insert(marker, []);
  publishDeleted(context, bucket, { ...version, marker: true }, caller);
  return { DeleteMarker: true, VersionId: version.versionId };
}
