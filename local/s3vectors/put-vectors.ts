import type { Members, Operation } from '../gateway/service.ts';
import type { S3VectorsContext } from './s3vectors-context.ts';
import { keyOf, listOf, metadataOf, vectorOf } from './vector-input.ts';

const MOST_PUT_AT_ONCE = 500;

/** PutVectors: all of the batch, or none of it. */
export function putVectors(context: S3VectorsContext): Operation {
  return {
    permissions: (input) => context.permissions('PutVectors', input),
    run(input) {
      const index = context.index(input);
      const vectors = (listOf(input, 'vectors', MOST_PUT_AT_ONCE) as readonly Members[]).map(({ key, data, metadata }) => {
        const where = `record for key '${keyOf(key)}'`;
        return {
          key: keyOf(key),
          vector: vectorOf(data, index.description, where),
          metadata: metadataOf(metadata, index.description, where),
        };
      });
      context.cloud.store.write(() => {
        for (const { key, vector, metadata } of vectors) index.put(key, vector, metadata);
      });
      return {};
    },
  };
}
