import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { Metadata } from './metadata-filter.ts';
import type { IndexDescription } from './vector-index.ts';

// Limits of the service (Amazon S3 user guide, "Limitations and restrictions" of S3 Vectors).
const LONGEST_KEY = 1024;
const MOST_METADATA_KEYS = 50;
const LARGEST_METADATA_BYTES = 40 * 1024;
const LARGEST_FILTERABLE_BYTES = 2 * 1024;

/** ARN of the index that a request names, by ARN or by names. */
export function indexArnOf(input: Members, region: string, accountId: string): string {
  if (typeof input['indexArn'] === 'string') return input['indexArn'];
  const { vectorBucketName, indexName } = input;
  if (typeof vectorBucketName !== 'string' || typeof indexName !== 'string') {
    throw validationError('indexArn', 'Either indexArn or both vectorBucketName and indexName must be given');
  }
  return `arn:aws:s3vectors:${region}:${accountId}:bucket/${vectorBucketName}/index/${indexName}`;
}

/** A list of 1 to `most` elements. @throws AwsError ValidationException */
export function listOf(input: Members, member: string, most: number): readonly unknown[] {
  const value: unknown = input[member];
  if (!Array.isArray(value) || value.length < 1 || value.length > most) {
    throw validationError(member, `Member must have length between 1 and ${most}`);
  }
  return value;
}

/** A whole number in its range, or `fallback` when missing. @throws AwsError ValidationException */
export function wholeNumber(input: Members, member: string, most: number, fallback?: number): number {
  const value = Number(input[member] ?? fallback);
  if (!Number.isInteger(value) || value < 1 || value > most) throw validationError(member, `Member must be between 1 and ${most}`);
  return value;
}

export function keyOf(value: unknown): string {
  if (typeof value !== 'string' || value.length < 1 || value.length > LONGEST_KEY) {
    throw validationError('key', `Vector keys must have 1 to ${LONGEST_KEY} characters`);
  }
  return value;
}

/** A vector that fits the index. `where` names it in errors. @throws AwsError ValidationException */
export function vectorOf(data: unknown, { dimension, metric }: IndexDescription, where: string): Float32Array {
  const float32: unknown = (data as Members | undefined)?.['float32'];
  const values = float32 instanceof Float32Array ? [...float32] : float32;
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) {
    throw validationError('data', `Invalid ${where}: data must be { float32: [numbers] }`);
  }
  if (values.length !== dimension) {
    throw validationError('data', `Invalid ${where}: vector must have length ${dimension}, but has length ${values.length}`);
  }
  const vector = Float32Array.from(values);
  if (!vector.every(Number.isFinite)) throw validationError('data', `Invalid ${where}: every number must be a finite 32-bit float`);
  if (metric === 'cosine' && vector.every((value) => value === 0)) {
    throw validationError('data', `Invalid ${where}: cosine distance does not exist for the zero vector`);
  }
  return vector;
}

/** Metadata within the service's limits. @throws AwsError ValidationException */
export function metadataOf(value: unknown, { nonFilterable }: IndexDescription, where: string): Metadata {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw validationError('metadata', `Invalid ${where}: metadata must be an object`);
  const entries = Object.entries(value);
  if (entries.length > MOST_METADATA_KEYS)
    throw validationError('metadata', `Invalid ${where}: metadata may have at most ${MOST_METADATA_KEYS} keys`);
  const bad = entries.find(([, one]) => !isScalar(one) && !(Array.isArray(one) && one.every(isScalar)));
  if (bad !== undefined) {
    throw validationError('metadata', `Invalid ${where}: metadata ${bad[0]} must be a string, number, boolean or list of them`);
  }
  const filterable = Object.fromEntries(entries.filter(([key]) => !nonFilterable.has(key)));
  if (Buffer.byteLength(JSON.stringify(filterable)) > LARGEST_FILTERABLE_BYTES) {
    throw validationError('metadata', `Invalid ${where}: Filterable metadata must have at most ${LARGEST_FILTERABLE_BYTES} bytes`);
  }
  if (Buffer.byteLength(JSON.stringify(value)) > LARGEST_METADATA_BYTES) {
    throw validationError('metadata', `Invalid ${where}: Metadata must have at most ${LARGEST_METADATA_BYTES} bytes`);
  }
  return Object.fromEntries(entries);
}

export function validationError(path: string, message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { fieldList: [{ path, message }] });
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
