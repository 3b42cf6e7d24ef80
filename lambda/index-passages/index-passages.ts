import type { S3Client } from '@aws-sdk/client-s3';
import type { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import type { EmbeddingsFile, EmbeddingUsage, PassagesFile } from '../shared/search/passages.ts';
import type { Tags } from '../shared/sermon.ts';
import { type ObjectPlace, readText } from '../shared/stored-objects.ts';
import { SHARD_KEY } from '../shared/storage-keys.ts';
import { changeShard, type Patience } from './shard-file.ts';
import { type Run, stalePassages } from './stale-runs.ts';
import { deleteVectors, putVectors, vectorsOf } from './vectors.ts';

/** What is to be indexed. */
export interface IndexRequest {
  readonly passagesKey: string;
  readonly embeddingsKey: string;
  readonly tags: Tags;
}

/** Where to. */
export interface IndexPorts {
  readonly s3: S3Client;
  readonly mediaBucket: string;
  readonly vectors: S3VectorsClient;
  readonly vectorIndexArn: string;
  /** Which run of the sermon listeners see now. */
  readonly publishedRun: (sermonId: string) => Promise<Run | undefined>;
}

/** What was indexed. */
export interface Indexed {
  readonly passages: number;
  readonly removed: number;
  readonly tries: number;
  /** What the embeddings cost to make. Tasks of older revisions did not note it. */
  readonly embedding: EmbeddingUsage | undefined;
}

/**
 * Puts a run's passages into the vector index and the full-text shard, and takes out those of older runs. Doing it again
 * changes nothing. Vectors come first: a row without its vector would be found by words only, while a vector without its
 * row is not shown at all. Stale vectors go before their rows, because the rows are how the next run knows of them.
 */
export async function indexPassages(
  { passagesKey, embeddingsKey, tags }: IndexRequest,
  ports: IndexPorts,
  patience: Patience,
): Promise<Indexed> {
  const { s3, mediaBucket, vectors, vectorIndexArn } = ports;
  const passages = await readJson<PassagesFile>(s3, { bucket: mediaBucket, key: passagesKey });
  const embeddings = await readJson<EmbeddingsFile>(s3, { bucket: mediaBucket, key: embeddingsKey });
  await putVectors(vectors, vectorIndexArn, vectorsOf(passages, embeddings));

  let removed = 0;
  const place = { bucket: mediaBucket, key: SHARD_KEY };
  const tries = await changeShard(
    s3,
    place,
    async (shard) => {
      const published = await ports.publishedRun(passages.sermonId);
      const stale = stalePassages(shard.passagesOf(passages.sermonId), passages, published);
      await deleteVectors(vectors, vectorIndexArn, stale);
      for (const passage of stale) shard.remove(passage);
      shard.replace({ ...passages, title: tags.title, ...(tags.preacher === undefined ? {} : { preacher: tags.preacher }) });
      removed = stale.length;
    },
    patience,
  );
  return { passages: passages.passages.length, removed, tries, embedding: embeddings.usage };
}

/** Reads a file that an earlier state of the same run wrote; its shape is the contract between the two. */
async function readJson<T>(s3: S3Client, place: ObjectPlace): Promise<T> {
  return JSON.parse(await readText(s3, place)) as T;
}
