import type { Members, Operation } from '../gateway/service.ts';
import type { S3VectorsContext } from './s3vectors-context.ts';
import { keyOf, listOf, wholeNumber } from './vector-input.ts';
import type { StoredVector } from './vector-table.ts';

const MOST_READ_AT_ONCE = 100;
const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 500;
const MOST_DELETED_AT_ONCE = 500;

/** GetVectors: keys that are not there are left out. */
export function getVectors(context: S3VectorsContext): Operation {
  return {
    permissions: (input) => context.permissions('GetVectors', input),
    run(input) {
      const { arn } = context.index(input).description;
      const keys = listOf(input, 'keys', MOST_READ_AT_ONCE).map(keyOf);
      return { vectors: keys.flatMap((key) => context.table.get(arn, key) ?? []).map((stored) => shown(stored, input)) };
    },
  };
}

/** ListVectors, in the order of their keys. */
export function listVectors(context: S3VectorsContext): Operation {
  return {
    permissions: (input) => context.permissions('ListVectors', input, input['returnData'] === true || input['returnMetadata'] === true),
    run(input) {
      const { arn } = context.index(input).description;
      const size = wholeNumber(input, 'maxResults', LARGEST_PAGE, DEFAULT_PAGE);
      const after = typeof input['nextToken'] === 'string' ? Buffer.from(input['nextToken'], 'base64url').toString('utf8') : '';
      const rows = context.table.list(arn, after, size + 1);
      const page = rows.slice(0, size);
      const last = rows.length > size ? page.at(-1) : undefined;
      return {
        vectors: page.map((stored) => shown(stored, input)),
        ...(last === undefined ? {} : { nextToken: Buffer.from(last.key).toString('base64url') }),
      };
    },
  };
}

/** DeleteVectors: a key that is not there is no error. */
export function deleteVectors(context: S3VectorsContext): Operation {
  return {
    permissions: (input) => context.permissions('DeleteVectors', input),
    run(input) {
      const index = context.index(input);
      const keys = listOf(input, 'keys', MOST_DELETED_AT_ONCE).map(keyOf);
      context.cloud.store.write(() => {
        for (const key of keys) index.delete(key);
      });
      return {};
    },
  };
}

function shown({ key, vector, metadata }: StoredVector, input: Members): Members {
  return {
    key,
    ...(input['returnData'] === true ? { data: { float32: [...vector] } } : {}),
    ...(input['returnMetadata'] === true ? { metadata } : {}),
  };
}
