import type { ProbedAudio } from '../shared/sermon.ts';

/** Sound as it was probed. */
export type ProbedSound = Omit<ProbedAudio, 'monoGainsDb' | 'transcribeFormat'> & {
  /** Bits of a PCM sample. */
  readonly bitDepth?: number | undefined;
};

/** Transcribe takes at most this many channels, and these sample rates (service quotas). */
const MOST_CHANNELS = 2;
const LOWEST_SAMPLE_RATE = 8000;
const HIGHEST_SAMPLE_RATE = 48_000;

/** What Transcribe documents, container by container; an M4A is an MP4 to it as to everybody else. */
const FORMATS: Readonly<
  Record<string, { readonly format: NonNullable<ProbedAudio['transcribeFormat']>; readonly codecs: readonly string[] }>
> = {
  mp3: { format: 'mp3', codecs: ['MP3'] },
  mp4: { format: 'mp4', codecs: ['AAC'] },
  flac: { format: 'flac', codecs: ['FLAC'] },
  ogg: { format: 'ogg', codecs: ['OPUS'] },
  webm: { format: 'webm', codecs: ['OPUS'] },
  wave: { format: 'wav', codecs: ['PCM'] },
};

/** Transcribe's name of the format, or null where it cannot read the sound and a speech copy is made first. */
export function transcribeFormat({ container, codec, channels, sampleRate, bitDepth }: ProbedSound): ProbedAudio['transcribeFormat'] {
  const known = FORMATS[container];
  if (known === undefined || !known.codecs.includes(codec)) return null;
  if (channels > MOST_CHANNELS || sampleRate < LOWEST_SAMPLE_RATE || sampleRate > HIGHEST_SAMPLE_RATE) return null;
  // 24 bits and floating point are PCM too, and not documented as readable.
  return codec === 'PCM' && bitDepth !== 16 ? null : known.format;
}
