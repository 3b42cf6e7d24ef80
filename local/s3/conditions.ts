import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { ObjectVersion } from './object-table.ts';

/** Checks `IfMatch` and the like of a read, in the order of RFC 9110. @throws AwsError PreconditionFailed (412) or NotModified (304) */
export function checkReadConditions(input: Members, version: ObjectVersion): void {
  // HTTP dates count whole seconds.
  const modified = Math.floor(version.modified.getTime() / 1000);
  const seconds = (member: string): number | undefined =>
    input[member] instanceof Date ? Math.floor(input[member].getTime() / 1000) : undefined;
  const unmodifiedSince = seconds('IfUnmodifiedSince');
  const modifiedSince = seconds('IfModifiedSince');
  if (input['IfMatch'] !== undefined) {
    if (!matches(input['IfMatch'], version.etag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (input['IfNoneMatch'] !== undefined) {
    if (matches(input['IfNoneMatch'], version.etag)) throw notModified(version);
  } else if (modifiedSince !== undefined && modified <= modifiedSince) {
    throw notModified(version);
  }
}

/**
 * Checks `IfNoneMatch: *` and `IfMatch` of a write against the newest version.
 * @throws AwsError PreconditionFailed (412), or NoSuchKey (404) for IfMatch without an object
 */
export function checkWriteConditions(input: Members, current: ObjectVersion | undefined): void {
  const present = current !== undefined && !current.isDeleteMarker;
  if (input['IfNoneMatch'] !== undefined) {
    if (input['IfNoneMatch'] !== '*') {
      throw new AwsError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented: If-None-Match of a write must be *',
        501,
      );
    }
    if (present) throw preconditionFailed('If-None-Match');
  }
  if (input['IfMatch'] !== undefined) {
    if (!present) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    if (!matches(input['IfMatch'], current.etag)) throw preconditionFailed('If-Match');
  }
}

function matches(header: unknown, etag: string): boolean {
  return String(header)
    .split(',')
    .map((candidate) => candidate.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((candidate) => candidate === '*' || candidate === etag);
}

/** The error of a condition that does not hold. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition: condition });
}

function notModified(version: ObjectVersion): AwsError {
  return new AwsError('NotModified', 'Not Modified', 304, { ETag: version.etag });
}
