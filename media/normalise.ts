import { join } from 'node:path';
import { openInput } from './open-input.ts';
import { correctionFilter, mixFilter } from './filter-chain.ts';
import { gainFor, needsLimiter, parseLoudness, type Loudness } from './loudness.ts';
import type { ProcessLimit } from './process-limit.ts';
import { runProgram } from './run-program.ts';
import type { LoudnessTarget, TranscodePlan } from './transcode-plan.ts';

/** A recording on disk and how to read it. */
export interface Recording {
  readonly file: string;
  readonly channels: number;
  readonly plan: Pick<TranscodePlan, 'track' | 'remix'>;
  /** Where intermediate files may lie. */
  readonly folder: string;
  readonly limit: ProcessLimit;
  readonly signal: AbortSignal;
}

/** What an encoder reads: a track of a file, through filters. */
export interface EncoderInput {
  readonly file: string;
  /** From 1. */
  readonly track: number;
  readonly filters: string;
}

// Encoding swings above what was limited: pink noise pressed against the limiter came out 0.6 dB higher from AAC at
// 96 kbit/s, the worst that was measured.
const ENCODER_OVERSHOOT_DB = 1;

// Less than anyone hears; the promise is 1 LU.
const CLOSE_ENOUGH_LU = 0.3;

// A limiter takes away loudness; giving it back makes the limiter take more, so the correction is repeated.
const MOST_RENDERINGS = 3;

// Past this the limiter would flatten the voice.
const LARGEST_CORRECTION_DB = 8;

/** The recording as an encoder may read it when nothing is said of loudness. */
export function mixed({ file, channels: channelsIn, plan }: Recording, channels: 1 | 2): EncoderInput {
  return { file, track: plan.track, filters: mixFilter(channels, plan.remix, channelsIn) };
}

/**
 * Brings a recording to its loudness under its true peak, as MediaConvert does: gated loudness is measured once, one
 * static gain is applied, and a limiter catches what would swing too high. Only where the limiter must run is the
 * result written to disk, for then it is measured again, and every encoder can read it instead of limiting anew.
 */
export async function normalised(recording: Recording, channels: 1 | 2, target: LoudnessTarget): Promise<EncoderInput> {
  const mix = mixed(recording, channels);
  const measured = await measure(recording, mix.filters, ['-f', 'null', '-']);
  const gainDb = gainFor(measured, target.lufs);
  const ceilingDb = target.truePeak - ENCODER_OVERSHOOT_DB;
  if (!needsLimiter(measured, gainDb, ceilingDb)) return { ...mix, filters: `${mix.filters},${correctionFilter({ gainDb })}` };

  const file = join(recording.folder, `limited-${channels}-${target.lufs}-${target.truePeak}.wav`);
  const pcm = ['-map_metadata', '-1', '-c:a', 'pcm_s16le', '-rf64', 'auto', '-f', 'wav', '-y', `file:${file}`];
  let raisedDb = gainDb;
  for (let rendering = 1; rendering <= MOST_RENDERINGS; rendering += 1) {
    const filters = `${mix.filters},${correctionFilter({ gainDb: raisedDb, ceilingDb })}`;
    const missing = gainFor(await measure(recording, filters, pcm), target.lufs);
    if (Math.abs(missing) <= CLOSE_ENOUGH_LU) break;
    raisedDb = Math.min(raisedDb + missing, gainDb + LARGEST_CORRECTION_DB);
  }
  return { file, track: 1, filters: 'anull' };
}

/** Runs a recording through filters into an output and says how loud it came out. */
function measure({ file, plan, limit, signal }: Recording, filters: string, output: readonly string[]): Promise<Loudness> {
  const input = ['-nostdin', '-hide_banner', '-nostats', ...openInput(file), '-map', `0:a:${plan.track - 1}`];
  const args = [...input, '-af', `${filters},ebur128=framelog=verbose:peak=sample`, ...output];
  return limit.run(async () => parseLoudness((await runProgram('ffmpeg', args, { signal })).stderr));
}
