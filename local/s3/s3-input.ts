import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';

/** S3's limit on the UTF-8 length of a key. */
const LONGEST_KEY_BYTES = 1024;

/** A member that must be there. @throws AwsError InvalidRequest */
export function text(input: Members, member: string): string {
  const value: unknown = input[member];
  if (typeof value !== 'string' || value === '') throw new AwsError('InvalidRequest', `${member} is missing from the request`);
  return value;
}

/** A text that may be missing. */
export function optionalText(input: Members, member: string): string | undefined {
  const value: unknown = input[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number from 0 (or `fallback` when missing) to `largest`; larger ones are cut to it, as S3 does. */
export function limit(input: Members, member: string, largest: number): number {
  const value = Number(input[member] ?? largest);
  if (!Number.isInteger(value) || value < 0) {
    throw new AwsError('InvalidArgument', `${member} is ${String(input[member])}; it must be a whole number from 0 to ${largest}`);
  }
  return Math.min(value, largest);
}

/** The key of the object to write. @throws AwsError KeyTooLongError */
export function newKey(input: Members): string {
  const key = text(input, 'Key');
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: bytes, MaxSizeAllowed: LONGEST_KEY_BYTES });
  }
  return key;
}

/** ARN of the bucket, or of an object in it. */
export function arnOf(bucket: string, key?: string): string {
  return key === undefined ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
}

/** An ETag as headers carry it. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** Orders keys by code points, as S3 and SQLite do; JavaScript compares UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
