import { embeddingTask } from './embedding-task.ts';
import { prices, PRICES_AS_OF } from './prices.ts';
import type { Packaged, PreparedSermon } from './sermon.ts';

/** What one run used of what is billed, as far as its record tells. */
export interface Usage {
  /** Minutes of each of MediaConvert's outputs, summed; each output counts ten seconds at least. */
  readonly transcodedMinutes: number;
  readonly transcodedOutputs: number;
  /** Minutes that Transcribe bills: whole seconds, fifteen at least. */
  readonly transcribedMinutes: number;
  /** As the model counted them. */
  readonly embeddingTokens: number;
  /** Fargate's billed time, a minute at least, by the task's own clock: fetching the image comes on top, uncounted. */
  readonly taskSeconds: number;
  readonly taskVcpus: number;
  readonly taskMemoryGb: number;
  /** States entered. A retry or a redrive counts again on the bill; the record does not know of them. */
  readonly stateTransitions: number;
  /** Segments and files that MediaConvert writes. */
  readonly objectWrites: number;
}

/** A run's usage with what it comes to. */
export interface RunCost {
  /** Dollars, to a millionth: an estimate by list prices, not a bill. */
  readonly estimatedUsd: number;
  /** Day of the price table that was used. */
  readonly pricesAsOf: string;
  readonly usage: Usage;
}

/** What a run's price is made of, in dollars. */
export type RunPrice = Readonly<Record<'transcoding' | 'transcription' | 'embedding' | 'task' | 'transitions' | 'writes', number>>;

/** Renditions of the stream, and all outputs of Transcode to HLS: those and the MP3. */
const RENDITIONS = 3;
const STREAM_OUTPUTS = RENDITIONS + 1;
const SEGMENT_SECONDS = 6;
// MediaConvert's price page: every output is billed by the second, ten seconds at least.
const SHORTEST_OUTPUT_SECONDS = 10;
// A Transcribe job is billed by the second, fifteen seconds at least.
const SHORTEST_TRANSCRIPTION_SECONDS = 15;
// Fargate bills by the second, a minute at least.
const SHORTEST_TASK_SECONDS = 60;
/** States from Let uploads settle to Published, of a recording that Transcribe can read and in which somebody speaks. */
const USUAL_TRANSITIONS = 17;
/** Wait for a turn, Claim the sermon, Its turn? */
const TRANSITIONS_A_WAIT = 3;

/**
 * Reads from a finished run's record what it used.
 * @param waits how often the run waited for its turn
 */
export function usageOf(sermon: PreparedSermon & Packaged, waits = 0): Usage {
  const { audio, transcript, embedding, transcriptionKey } = sermon;
  const speechCopy = audio.transcribeFormat === null ? 1 : 0;
  const transcodedOutputs = STREAM_OUTPUTS + speechCopy;
  const outputSeconds = Math.max(SHORTEST_OUTPUT_SECONDS, Math.ceil(audio.durationSeconds));
  const transcribed = transcriptionKey !== undefined;
  const taskRan = transcript.hasSpeech && embedding !== undefined;
  return {
    transcodedMinutes: minutes(transcodedOutputs * outputSeconds),
    transcodedOutputs,
    transcribedMinutes: transcribed ? minutes(Math.max(SHORTEST_TRANSCRIPTION_SECONDS, Math.ceil(audio.durationSeconds))) : 0,
    embeddingTokens: embedding?.inputTokens ?? 0,
    taskSeconds: taskRan ? Math.max(SHORTEST_TASK_SECONDS, Math.ceil(embedding.taskSeconds)) : 0,
    taskVcpus: embeddingTask.cpuUnits / 1024,
    taskMemoryGb: embeddingTask.memoryMib / 1024,
    // Without speech, one state stands in place of Embed passages and Index passages.
    stateTransitions: USUAL_TRANSITIONS + speechCopy - (transcript.hasSpeech ? 0 : 1) + waits * TRANSITIONS_A_WAIT,
    // A playlist a rendition and one above them, the MP3, and the speech copy where there is one.
    objectWrites: RENDITIONS * (Math.ceil(audio.durationSeconds / SEGMENT_SECONDS) + 1) + 2 + speechCopy,
  };
}

/** What each kind of usage costs by the price table. */
export function priceOf(usage: Usage): RunPrice {
  const taskHours = usage.taskSeconds / 3600;
  return {
    transcoding: usage.transcodedMinutes * prices.transcodedMinute.usd,
    transcription: usage.transcribedMinutes * prices.transcribedMinute.usd,
    embedding: (usage.embeddingTokens / 1e6) * prices.embeddedMillionTokens.usd,
    task: taskHours * (usage.taskVcpus * prices.taskVcpuHour.usd + usage.taskMemoryGb * prices.taskGbHour.usd),
    transitions: (usage.stateTransitions / 1000) * prices.thousandTransitions.usd,
    writes: (usage.objectWrites / 1000) * prices.thousandObjectWrites.usd,
  };
}

/**
 * Usage and estimated price of a finished run, as the catalogue keeps them.
 * @param priceFactor what this account pays for one dollar of the price table
 */
export function costOf(sermon: PreparedSermon & Packaged, waits = 0, priceFactor = 1): RunCost {
  const usage = usageOf(sermon, waits);
  const usd = Object.values(priceOf(usage)).reduce((sum, part) => sum + part, 0) * priceFactor;
  return { estimatedUsd: Math.round(usd * 1e6) / 1e6, pricesAsOf: PRICES_AS_OF, usage };
}

/** To a thousandth, so that rows stay readable. */
const minutes = (seconds: number): number => Math.round((seconds / 60) * 1000) / 1000;
