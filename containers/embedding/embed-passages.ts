import type { Embedding, EmbeddingModel } from '../../lambda/shared/search/embedder.ts';
import type { EmbeddingsFile, Passage } from '../../lambda/shared/search/passages.ts';
import { type Checkpoint, type CheckpointedVector, textDigest, usableVectors } from './checkpoint.ts';

/** What embedding needs of the outside. */
export interface EmbeddingPorts {
  readonly embed: (text: string, signal: AbortSignal) => Promise<Embedding>;
  readonly loadCheckpoint: () => Promise<Checkpoint | undefined>;
  readonly saveCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  /** How long this task has run. */
  readonly taskSeconds: () => number;
}

/** How to go about it. */
export interface EmbeddingOptions {
  readonly model: EmbeddingModel;
  /** Calls to the model at once, 1 or more. */
  readonly concurrency: number;
  /** New vectors between two checkpoints: what an unannounced end may cost. */
  readonly checkpointEvery: number;
  /** Aborted when the task is told to stop; what is done is kept in a last checkpoint. */
  readonly signal: AbortSignal;
}

/** The embeddings, and how many of them came from a checkpoint. */
export interface EmbeddingResult {
  readonly file: EmbeddingsFile;
  readonly resumed: number;
}

/**
 * Embeds all passages that no checkpoint holds.
 * @throws whatever stopped it, after a last checkpoint
 */
export async function embedPassages(
  passages: readonly Passage[],
  options: EmbeddingOptions,
  ports: EmbeddingPorts,
): Promise<EmbeddingResult> {
  const { model } = options;
  const checkpoint = await ports.loadCheckpoint();
  const done = usableVectors(checkpoint, model, passages);
  const resumed = done.size;
  const missing = passages.filter(({ ordinal }) => !done.has(ordinal));
  const taskSeconds = (): number => (checkpoint?.taskSeconds ?? 0) + ports.taskSeconds();
  const save = (): Promise<void> => ports.saveCheckpoint({ ...model, vectors: [...done.values()], taskSeconds: taskSeconds() });

  try {
    await embedMissing(missing, done, options, ports, save);
  } finally {
    // Also at a good end: should the task be asked again, it costs nothing.
    if (done.size > resumed) await save();
  }
  const vectors = passages.map(({ ordinal }) => ({ ordinal, vector: vectorOf(done, ordinal) }));
  const inputTokens = [...done.values()].reduce((sum, vector) => sum + vector.inputTokens, 0);
  const usage = { inputTokens, taskSeconds: taskSeconds() };
  return { file: { modelId: model.modelId, dimensions: model.dimensions, vectors, usage }, resumed };
}

async function embedMissing(
  missing: readonly Passage[],
  done: Map<number, CheckpointedVector>,
  { concurrency, checkpointEvery, signal }: EmbeddingOptions,
  ports: EmbeddingPorts,
  save: () => Promise<void>,
): Promise<void> {
  // One worker's failure stops the others: a call that nobody waits for would still be paid.
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const waiting = missing.values();
  let sinceCheckpoint = 0;
  let saving: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    for (const { ordinal, text } of waiting) {
      either.throwIfAborted();
      const { vector, inputTokens } = await ports.embed(text, either);
      done.set(ordinal, { ordinal, vector, textDigest: textDigest(text), inputTokens });
      sinceCheckpoint += 1;
      if (sinceCheckpoint < checkpointEvery) continue;
      sinceCheckpoint = 0;
      // One after another, so that an older checkpoint never overwrites a newer one.
      saving = saving.then(save);
      await saving;
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, missing.length) }, async () => {
    try {
      await work();
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  });
  const ends = await Promise.allSettled(workers);
  const failed = ends.find((end) => end.status === 'rejected');
  if (signal.aborted) signal.throwIfAborted();
  if (failed !== undefined) throw failure.signal.reason ?? failed.reason;
}

function vectorOf(done: ReadonlyMap<number, CheckpointedVector>, ordinal: number): readonly number[] {
  const found = done.get(ordinal);
  if (found === undefined) throw new Error(`passage ${ordinal} was not embedded, though all workers ended; this is a fault of the program`);
  return found.vector;
}
