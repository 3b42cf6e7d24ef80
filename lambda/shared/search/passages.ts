import type { RunIdentity } from '../storage-keys.ts';

/** A few sentences that are found, embedded and cited together. Times are seconds from the start of the audio. */
export interface Passage {
  /** Counts from 0 within its run. */
  readonly ordinal: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The sentences, joined by single spaces. */
  readonly text: string;
  readonly sentences: readonly PassageSentence[];
}

/** One sentence of a passage, with its own times, so that a hit can point at it. */
export interface PassageSentence {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
}

/** passages.json: what Build transcript writes, and Embed passages and Index passages read. */
export interface PassagesFile extends RunIdentity {
  readonly language: string;
  readonly passages: readonly Passage[];
}

/** embeddings.json: one vector a passage. */
export interface EmbeddingsFile {
  readonly modelId: string;
  readonly dimensions: number;
  readonly vectors: readonly PassageVector[];
  /** Not there in files of tasks that were started before it was noted. */
  readonly usage?: EmbeddingUsage;
}

/** What making embeddings used of what is billed, over all tries of one run. */
export interface EmbeddingUsage {
  /** As the model counted them. */
  readonly inputTokens: number;
  /** By the task's own clock; a try that was killed between two checkpoints is missing. */
  readonly taskSeconds: number;
}

/** The meaning of one passage, as its model sees it. */
export interface PassageVector {
  readonly ordinal: number;
  readonly vector: readonly number[];
}
