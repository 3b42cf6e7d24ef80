import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ProcessLimit } from '../../media/process-limit.ts';
import { runProgram } from '../../media/run-program.ts';
import { quietCuts } from './quiet-cuts.ts';
import { SAMPLE_BYTES, SAMPLE_RATE, type RecognisedWord, type Recogniser, type RecognitionRequest } from './recogniser.ts';
import { parseSphinxOutput } from './sphinx-output.ts';

const STEP_SECONDS = 0.1;
const STEP_BYTES = SAMPLE_RATE * SAMPLE_BYTES * STEP_SECONDS;

// Loading the model costs 0.8 s of processor time, recognising 0.21 s a second of speech: below half a minute a piece
// would mostly load, and above five minutes one long piece would be left for one processor at the end.
const SHORTEST_PIECE_SECONDS = 30;
const LONGEST_PIECE_SECONDS = 40;

// Speakers breathe at least this often.
const SEARCH_SECONDS = 10;
const QUIET_SECONDS = 0.3;

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Recognises English with CMU PocketSphinx: real, offline, and of draft quality (more than a quarter of the words wrong). */
export class PocketSphinx implements Recogniser {
  readonly id = 'pocketsphinx';
  readonly #limit: ProcessLimit;

  constructor(limit: ProcessLimit) {
    this.#limit = limit;
  }

  knows(languageCode: string): boolean {
    return languageCode.startsWith('en-');
  }

  /** Cuts the recording at silences and recognises the pieces on all processors. */
  async recognise(request: RecognitionRequest): Promise<readonly RecognisedWord[]> {
    const pieces = await this.#cut(request);
    await mkdir(request.scratch, { recursive: true });
    const heard: (readonly RecognisedWord[])[] = [];
    // Only as many pieces at a time stand in line as can be worked on, so that other jobs get their turn in between.
    const waiting = pieces.entries();
    const work = async (): Promise<void> => {
      for (const [index, piece] of waiting) heard[index] = await this.#limit.run(() => recognisePiece(request, piece, index));
    };
    await Promise.all(Array.from({ length: Math.min(this.#limit.size, pieces.length) }, work));
    return heard.flat();
  }

  async #cut({ samplesFile }: RecognitionRequest): Promise<readonly Piece[]> {
    const { size } = await stat(samplesFile);
    const share = size / (SAMPLE_RATE * SAMPLE_BYTES) / this.#limit.size;
    const pieceSeconds = Math.min(LONGEST_PIECE_SECONDS, Math.max(SHORTEST_PIECE_SECONDS, share));
    const cuts = quietCuts(await loudnessOf(samplesFile), {
      pieceSteps: steps(pieceSeconds),
      searchSteps: steps(SEARCH_SECONDS),
      quietSteps: steps(QUIET_SECONDS),
    });
    const bounds = [0, ...cuts.map((cut) => cut * STEP_BYTES), size];
    return bounds.slice(1).map((to, index) => ({ from: bounds[index] ?? 0, to }));
  }
}

const steps = (seconds: number): number => Math.round(seconds / STEP_SECONDS);

async function recognisePiece(
  { samplesFile, scratch, signal }: RecognitionRequest,
  { from, to }: Piece,
  index: number,
): Promise<readonly RecognisedWord[]> {
  signal.throwIfAborted();
  if (to <= from) return [];
  const file = join(scratch, `piece-${index}.raw`);
  await pipeline(createReadStream(samplesFile, { start: from, end: to - 1 }), createWriteStream(file), { signal });
  try {
    const { stdout } = await runProgram('pocketsphinx_continuous', ['-infile', file, '-time', 'yes', '-logfn', '/dev/null'], { signal });
    return parseSphinxOutput(stdout, from / (SAMPLE_RATE * SAMPLE_BYTES));
  } finally {
    await rm(file, { force: true });
  }
}

/** Mean absolute sample of every tenth of a second. */
async function loudnessOf(samplesFile: string): Promise<readonly number[]> {
  const loudness: number[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(samplesFile, { highWaterMark: 64 * STEP_BYTES })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (; at + STEP_BYTES <= rest.length; at += STEP_BYTES) loudness.push(meanLevel(rest.subarray(at, at + STEP_BYTES)));
    rest = rest.subarray(at);
  }
  return loudness;
}

function meanLevel(samples: Buffer): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at += SAMPLE_BYTES) sum += Math.abs(samples.readInt16LE(at));
  return sum / (samples.length / SAMPLE_BYTES);
}
