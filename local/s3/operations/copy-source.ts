import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Permission, Principal } from '../../gateway/service.ts';
import { preconditionFailed, checkReadConditions } from '../conditions.ts';
import type { ObjectVersion } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { text } from '../s3-input.ts';
import { findObject, readPermission } from './find-object.ts';

/** Reads `CopySource`: `/bucket/key?versionId=id`, URL-encoded, the leading slash optional. @throws AwsError InvalidArgument */
function parseCopySource(input: Members): Members {
  const source = text(input, 'CopySource');
  const match = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^?]+))?$/s.exec(source);
  if (match === null) throw invalidSource(source);
  try {
    const [bucket, key, versionId] = match.slice(1).map((part) => (part === undefined ? undefined : decodeURIComponent(part)));
    return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  } catch {
    throw invalidSource(source);
  }
}

/** What reading the source takes. */
export function sourcePermission(input: Members): Permission {
  return readPermission(parseCopySource(input));
}

/** The version to copy from. @throws AwsError, PreconditionFailed where a `CopySourceIf…` does not hold */
export function findSource(context: S3Context, input: Members, caller: Principal): ObjectVersion {
  const version = findObject(context, parseCopySource(input), caller);
  const conditions = {
    IfMatch: input['CopySourceIfMatch'] as unknown,
    IfNoneMatch: input['CopySourceIfNoneMatch'] as unknown,
    IfModifiedSince: input['CopySourceIfModifiedSince'] as unknown,
    IfUnmodifiedSince: input['CopySourceIfUnmodifiedSince'] as unknown,
  };
  try {
    checkReadConditions(conditions, version);
  } catch (error) {
    // A copy knows no 304.
    if (error instanceof AwsError && error.status === 304) throw preconditionFailed('x-amz-copy-source-If-None-Match');
    throw error;
  }
  return version;
}

function invalidSource(source: string): AwsError {
  return new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key, URL-encoded: sourcebucket/sourcekey', 400, {
    ArgumentName: 'x-amz-copy-source',
    ArgumentValue: source,
  });
}
