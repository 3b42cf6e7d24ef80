import type { MediaDescription } from '../../media/probe-media.ts';

/** What a job says of its media. */
export interface ClaimedMedia {
  readonly format: string | undefined;
  readonly sampleRate: number | undefined;
}

// Containers by ffprobe's names, with what MediaFormat may say of them.
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  amr: ['amr'],
  flac: ['flac'],
  mp3: ['mp3'],
  mp4: ['mp4', 'm4a'],
  ogg: ['ogg'],
  wav: ['wav'],
  webm: ['webm'],
};

// Quotas of the service.
const LARGEST_BYTES = 2 * 1024 ** 3;
const LONGEST_SECONDS = 4 * 3600;
const SHORTEST_SECONDS = 0.5;
const LOWEST_RATE = 8000;
const HIGHEST_RATE = 48_000;
const MOST_CHANNELS = 2;

/** Why Transcribe cannot take a recording, in its own words; undefined when it can. */
export function refusalOf(media: MediaDescription | undefined, sizeBytes: number, claimed: ClaimedMedia): string | undefined {
  if (sizeBytes > LARGEST_BYTES) return 'Invalid file size: file size too large.';
  const audio = media?.tracks.find(({ kind }) => kind === 'audio');
  const detected = media === undefined ? undefined : FORMATS[media.container];
  if (media === undefined || audio === undefined || detected === undefined) return 'Unsupported media format.';
  if (claimed.format !== undefined && !detected.includes(claimed.format))
    return 'The media format provided does not match the detected media format.';
  if (audio.sampleRate < LOWEST_RATE || audio.sampleRate > HIGHEST_RATE) return 'Invalid sample rate for audio file.';
  if (claimed.sampleRate !== undefined && claimed.sampleRate !== audio.sampleRate) {
    return 'The sample rate provided does not match the detected sample rate.';
  }
  if (audio.channels > MOST_CHANNELS) return 'Invalid number of channels: number of channels too large.';
  if (media.durationSeconds > LONGEST_SECONDS)
    return `Invalid file duration: ${media.durationSeconds} s is longer than ${LONGEST_SECONDS} s.`;
  if (media.durationSeconds < SHORTEST_SECONDS)
    return `Invalid file duration: ${media.durationSeconds} s is shorter than ${SHORTEST_SECONDS} s.`;
  return undefined;
}

/** MediaFormat for a job that named none. */
export function detectedFormat(media: MediaDescription): string | undefined {
  return FORMATS[media.container]?.[0];
}
