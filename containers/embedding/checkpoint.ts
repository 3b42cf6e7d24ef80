import { createHash } from 'node:crypto';
import type { EmbeddingModel } from '../../lambda/shared/search/embedder.ts';
import type { Passage, PassageVector } from '../../lambda/shared/search/passages.ts';

/** What an interrupted task leaves behind, so that no passage is embedded, and paid, twice. */
export interface Checkpoint extends EmbeddingModel {
  readonly vectors: readonly CheckpointedVector[];
  /** How long the tasks of this run have worked so far. */
  readonly taskSeconds: number;
}

/** A vector with the digest of its text: a checkpoint of another text must not be taken for this one. */
export interface CheckpointedVector extends PassageVector {
  readonly textDigest: string;
  /** What the model took it for; billed once, however often the task resumes. */
  readonly inputTokens: number;
}

/** Names a text: 16 hex digits of its SHA-256 are enough among a sermon's passages. */
export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The vectors of a checkpoint that still hold: same model, same length, same text. By ordinal. */
export function usableVectors(
  checkpoint: Checkpoint | undefined,
  model: EmbeddingModel,
  passages: readonly Passage[],
): Map<number, CheckpointedVector> {
  if (checkpoint?.modelId !== model.modelId || checkpoint.dimensions !== model.dimensions) return new Map();
  const digests = new Map(passages.map(({ ordinal, text }) => [ordinal, textDigest(text)]));
  return new Map(
    checkpoint.vectors.filter((vector) => digests.get(vector.ordinal) === vector.textDigest).map((vector) => [vector.ordinal, vector]),
  );
}
