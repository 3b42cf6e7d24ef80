import { DeleteVectorsCommand, PutVectorsCommand, type S3VectorsClient } from '@aws-sdk/client-s3vectors';
import type { EmbeddingsFile, PassagesFile } from '../shared/search/passages.ts';
import { type PassageIdentity, vectorKey } from '../shared/search/vector-keys.ts';

/** One vector as S3 Vectors takes it. */
export interface IndexedVector {
  readonly key: string;
  readonly data: { readonly float32: number[] };
  readonly metadata: Record<string, string | number>;
}

/** S3 Vectors takes at most 500 vectors and 20 MiB a request; 500 of 512 dimensions are about 5 MiB of JSON. */
const LARGEST_BATCH = 500;

/**
 * Joins passages and their embeddings.
 * @throws Error where a passage has no vector: the embeddings belong to another text.
 */
export function vectorsOf(passages: PassagesFile, embeddings: EmbeddingsFile): IndexedVector[] {
  const { sermonId, version, revision } = passages;
  const byOrdinal = new Map(embeddings.vectors.map(({ ordinal, vector }) => [ordinal, vector]));
  return passages.passages.map(({ ordinal, startSeconds, endSeconds }) => {
    const vector = byOrdinal.get(ordinal);
    if (vector === undefined) {
      throw new Error(
        `passage ${ordinal} of sermon ${sermonId} has no vector among ${byOrdinal.size}; start a fresh run, so that its passages are embedded again`,
      );
    }
    const identity = { sermonId, version, revision, ordinal };
    return { key: vectorKey(identity), data: { float32: [...vector] }, metadata: { ...identity, startSeconds, endSeconds } };
  });
}

/** Puts all vectors; putting the same again changes nothing. */
export async function putVectors(client: S3VectorsClient, indexArn: string, vectors: readonly IndexedVector[]): Promise<void> {
  for (const batch of batches(vectors)) await client.send(new PutVectorsCommand({ indexArn, vectors: batch }));
}

/** Deletes vectors; keys that are not there are no error. */
export async function deleteVectors(client: S3VectorsClient, indexArn: string, passages: readonly PassageIdentity[]): Promise<void> {
  for (const batch of batches(passages)) await client.send(new DeleteVectorsCommand({ indexArn, keys: batch.map(vectorKey) }));
}

function* batches<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += LARGEST_BATCH) yield items.slice(start, start + LARGEST_BATCH);
}
