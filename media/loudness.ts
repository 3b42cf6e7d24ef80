/** Loudness of a whole recording. */
export interface Loudness {
  /** Gated integrated loudness (ITU-R BS.1770) in LUFS; -70 is silence. */
  readonly lufs: number;
  /** Highest sample in dBFS; -Infinity for digital silence. */
  readonly peak: number;
}

// BS.1770's absolute gate: nothing below is measured at all.
const SILENCE_LUFS = -70;

// A recording that would need more is hum, not a voice: raising it would only make noise unbearable.
const LARGEST_GAIN_DB = 40;

// Between two samples the wave may swing higher than both; 1 dB is what speech and music show at most at 44.1 kHz.
const INTER_SAMPLE_DB = 1;

/**
 * Reads the summary that ffmpeg's ebur128 filter writes.
 * @throws Error when there is none
 */
export function parseLoudness(stderr: string): Loudness {
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const lufs = /I:\s+(-?[\d.]+|-inf|nan) LUFS/.exec(summary)?.[1];
  const peak = /Peak:\s+(-?[\d.]+|-inf) dBFS/.exec(summary)?.[1];
  if (lufs === undefined || peak === undefined) throw new Error('ffmpeg measured no loudness: its ebur128 filter wrote no summary');
  const value = Number(lufs);
  return { lufs: Number.isFinite(value) ? Math.max(value, SILENCE_LUFS) : SILENCE_LUFS, peak: peak === '-inf' ? -Infinity : Number(peak) };
}

/** The static gain in dB that brings a recording to its target; none for silence. */
export function gainFor(measured: Loudness, targetLufs: number): number {
  if (measured.lufs <= SILENCE_LUFS) return 0;
  return Math.min(targetLufs - measured.lufs, LARGEST_GAIN_DB);
}

/** Whether a peak, raised by `gainDb`, may pass `ceilingDb`: if not, no limiter needs to run. */
export function needsLimiter(measured: Loudness, gainDb: number, ceilingDb: number): boolean {
  return measured.peak + gainDb + INTER_SAMPLE_DB > ceilingDb;
}
