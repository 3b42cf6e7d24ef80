import type { Correction } from './filter-chain.ts';
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
  readonly limit: ProcessLimit;
  readonly signal: AbortSignal;
}

// Encoding swings above what was limited. Measured on speech, music and noise pressed against the limiter: at most
// 0.9 dB at 64 kbit/s AAC, less above.
const ENCODER_OVERSHOOT_DB = 1;

// Within a tenth of what listeners can hear; the promise is 1 LU.
const CLOSE_ENOUGH_LU = 0.3;

// A limiter takes away loudness; giving it back makes the limiter take more, so the correction is repeated.
const MOST_CORRECTIONS = 3;

// Past this the limiter would flatten the voice.
const LARGEST_CORRECTION_DB = 8;

/** Finds the static gain that brings a recording to its loudness under its true peak, as MediaConvert's normalisation does. */
export async function correctionFor(recording: Recording, channels: 1 | 2, target: LoudnessTarget): Promise<Correction> {
  const measured = await measure(recording, channels);
  const gainDb = gainFor(measured, target.lufs);
  const ceilingDb = target.truePeak - ENCODER_OVERSHOOT_DB;
  if (!needsLimiter(measured, gainDb, ceilingDb)) return { gainDb };
  let correction = { gainDb, ceilingDb };
  for (let attempt = 0; attempt < MOST_CORRECTIONS; attempt += 1) {
    const limited = await measure(recording, channels, correction);
    const missing = gainFor(limited, target.lufs);
    if (Math.abs(missing) <= CLOSE_ENOUGH_LU) break;
    correction = { ceilingDb, gainDb: Math.min(correction.gainDb + missing, gainDb + LARGEST_CORRECTION_DB) };
  }
  return correction;
}

function measure(
  { file, channels: channelsIn, plan, limit, signal }: Recording,
  channels: 1 | 2,
  correction?: Correction,
): Promise<Loudness> {
  const filters = [
    mixFilter(channels, plan.remix, channelsIn),
    ...(correction ? [correctionFilter(correction)] : []),
    'ebur128=framelog=verbose:peak=sample',
  ];
  const args = [
    '-hide_banner',
    '-nostats',
    '-i',
    `file:${file}`,
    '-map',
    `0:a:${plan.track - 1}`,
    '-af',
    filters.join(','),
    '-f',
    'null',
    '-',
  ];
  return limit.run(async () => parseLoudness((await runProgram('ffmpeg', args, { signal })).stderr));
}
