import type { Operation } from '../gateway/service.ts';
import { compileFilter } from './metadata-filter.ts';
import type { S3VectorsContext } from './s3vectors-context.ts';
import { vectorOf, wholeNumber } from './vector-input.ts';

const LARGEST_TOP_K = 100;

/** QueryVectors. Filters are applied before the search, as the service's enhanced index mode does. */
export function queryVectors(context: S3VectorsContext): Operation {
  return {
    permissions: (input) => context.permissions('QueryVectors', input, input['returnMetadata'] === true || input['filter'] !== undefined),
    run(input) {
      const index = context.index(input);
      const { metric, nonFilterable } = index.description;
      const topK = wholeNumber(input, 'topK', LARGEST_TOP_K);
      const query = vectorOf(input['queryVector'], index.description, 'query vector');
      const filter = input['filter'] === undefined ? undefined : compileFilter(input['filter'], nonFilterable);
      return {
        distanceMetric: metric,
        vectors: index.nearest(query, topK, filter).map(({ key, distance, metadata }) => ({
          key,
          ...(input['returnDistance'] === true ? { distance } : {}),
          ...(input['returnMetadata'] === true ? { metadata } : {}),
        })),
      };
    },
  };
}
