import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Permission, Principal } from '../../gateway/service.ts';
import { NULL_VERSION, type ObjectVersion } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, optionalText, text } from '../s3-input.ts';

/** What reading an object, or one version of it, takes. */
export function readPermission(input: Members): Permission {
  const action = input['VersionId'] === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return { action, resource: arnOf(input['Bucket'], input['Key']) };
}

/**
 * The version that a read means.
 * @throws AwsError NoSuchKey, NoSuchVersion or MethodNotAllowed (a delete marker); AccessDenied in place of NoSuchKey for
 * callers who may not list the bucket, because S3 does not tell them what exists
 */
export function findObject(context: S3Context, input: Members, caller: Principal): ObjectVersion {
  const bucket = context.buckets.get(text(input, 'Bucket')).name;
  const key = text(input, 'Key');
  const versionId = optionalText(input, 'VersionId');
  if (versionId !== undefined) return findVersion(context, bucket, key, versionId);
  const version = context.objects.latest(bucket, key);
  if (version !== undefined && !version.isDeleteMarker) return version;
  // A read carries no prefix, so a grant that demands one does not help here.
  const list: Permission = { action: 's3:ListBucket', resource: arnOf(bucket) };
  if (!context.cloud.iam.allows(caller, list)) throw new AwsError('AccessDenied', 'Access Denied', 403);
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key, ...markerDetails(version) });
}

function findVersion(context: S3Context, bucket: string, key: string, versionId: string): ObjectVersion {
  const version = context.objects.version(bucket, key, versionId);
  if (version === undefined)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId });
  if (version.isDeleteMarker) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, markerDetails(version));
  }
  return version;
}

function markerDetails(version: ObjectVersion | undefined): Members {
  if (version === undefined) return {};
  return { DeleteMarker: true, ...(version.versionId === NULL_VERSION ? {} : { VersionId: version.versionId }) };
}
