import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Operation, Permission, Principal } from '../../gateway/service.ts';
import type { Bucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { publishDeleted } from '../object-events.ts';
import { NULL_VERSION } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, optionalText, text } from '../s3-input.ts';
import { newVersionId } from './put-object.ts';

// S3's limit on one DeleteObjects.
const MOST_DELETED_AT_ONCE = 1000;

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

/** DeleteObjects: up to 1,000 keys; what may not be deleted is reported, the rest is gone. */
export function deleteObjects(context: S3Context): Operation {
  return {
    // Each key is checked on its own when it is its turn, as S3 reports a denial per key.
    permissions: () => [],
    run(input, caller) {
      const bucket = context.buckets.get(text(input, 'Bucket'));
      const objects = objectsOf(input);
      return context.cloud.store.write(() => {
        const results = objects.map((object) => deleteListed(context, bucket, object, caller));
        const quiet = (input['Delete'] as Members)['Quiet'] === true;
        return {
          Deleted: quiet ? [] : results.flatMap((result) => result.deleted ?? []),
          Errors: results.flatMap((result) => result.error ?? []),
        };
      });
    },
  };
}

function objectsOf(input: Members): readonly Members[] {
  const objects: unknown = input['Delete']?.['Objects'];
  if (!Array.isArray(objects) || objects.length === 0 || objects.length > MOST_DELETED_AT_ONCE) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema: Delete takes 1 to 1,000 objects',
    );
  }
  return objects as readonly Members[];
}

function deletePermission(bucket: string, object: Members): Permission {
  const action = object['VersionId'] === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return { action, resource: arnOf(bucket, text(object, 'Key')) };
}

function deleteListed(
  context: S3Context,
  bucket: Bucket,
  object: Members,
  caller: Principal,
): { readonly deleted?: Members; readonly error?: Members } {
  const asked = { Key: text(object, 'Key'), ...(object['VersionId'] === undefined ? {} : { VersionId: text(object, 'VersionId') }) };
  if (!context.cloud.iam.allows(caller, deletePermission(bucket.name, object))) {
    return { error: { ...asked, Code: 'AccessDenied', Message: 'Access Denied' } };
  }
  const { DeleteMarker, VersionId } = deleteOne(context, bucket, asked, caller);
  const marker = DeleteMarker === true ? { DeleteMarker, DeleteMarkerVersionId: VersionId as unknown } : {};
  return { deleted: { ...asked, ...marker } };
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
