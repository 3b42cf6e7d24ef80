import { open } from 'node:fs/promises';
import { openInput } from './open-input.ts';
import { ProgramFailedError, runProgram } from './run-program.ts';

/** A recording as ffprobe sees it. */
export interface MediaDescription {
  /** ffprobe's name of the container, made single: `mp3`, `wav`, `mp4`, `quicktime`, `3gp`, `matroska`, `webm`, … */
  readonly container: string;
  readonly durationSeconds: number;
  readonly bitRate: number | undefined;
  readonly tracks: readonly MediaTrack[];
}

export interface MediaTrack {
  readonly index: number;
  readonly kind: 'audio' | 'video' | 'data';
  /** ffprobe's name, such as `pcm_s16le`. */
  readonly codec: string;
  readonly durationSeconds: number | undefined;
  readonly bitRate: number | undefined;
  readonly language: string | undefined;
  /** 0 where there is no sound. */
  readonly channels: number;
  readonly sampleRate: number;
  readonly channelLayout: string | undefined;
  readonly bitDepth: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Raised when a file is no recording at all: text, random bytes, an MP4 without its index. */
export class UnreadableMediaError extends Error {
  override readonly name = 'UnreadableMediaError';
  constructor(reason: string, cause?: unknown) {
    super(`the file cannot be read as sound or pictures: ${reason}`, { cause });
  }
}

/**
 * Looks into a file by its content; its name says nothing.
 * @throws UnreadableMediaError
 */
export async function probeMedia(file: string, signal?: AbortSignal): Promise<MediaDescription> {
  const options = signal === undefined ? {} : { signal };
  const args = ['-v', 'warning', '-of', 'json', '-show_format', '-show_streams', ...openInput(file)];
  const { stdout, stderr } = await runProgram('ffprobe', args, options).catch((error: unknown) => {
    throw error instanceof ProgramFailedError ? new UnreadableMediaError(lastMessage(error.stderr, file), error) : error;
  });
  const probed = JSON.parse(stdout) as Ffprobed;
  const streams = (probed.streams ?? []).filter(({ disposition }) => disposition?.['attached_pic'] !== 1);
  if (probed.format === undefined) throw new UnreadableMediaError('no container was recognised');
  const tracks = streams.map(toTrack);
  // ffprobe takes random bytes for MP3 without channels, or for sound that it then cannot time.
  if (tracks.length === 0) throw new UnreadableMediaError('it has no tracks');
  const audio = tracks.find(({ kind }) => kind === 'audio');
  if (audio !== undefined && (audio.channels === 0 || audio.sampleRate === 0))
    throw new UnreadableMediaError('its audio track cannot be decoded');
  const claimed = claimedDuration(probed.format) ?? audio?.durationSeconds;
  const estimated = claimed === undefined || /Estimating duration from bitrate/.test(stderr);
  const durationSeconds = estimated && audio !== undefined ? await countedDuration(file, options) : claimed;
  if (durationSeconds === undefined || durationSeconds <= 0) throw new UnreadableMediaError('it has no duration');
  return { container: await singleContainer(file, probed.format), durationSeconds, bitRate: numeric(probed.format.bit_rate), tracks };
}

/** What the container says, without the silence that an MP3 encoder puts in front: decoders leave it out. */
function claimedDuration({ format_name: name, duration, start_time: start }: Format): number | undefined {
  const claimed = numeric(duration);
  return claimed !== undefined && name === 'mp3' ? Number((claimed - (numeric(start) ?? 0)).toFixed(6)) : claimed;
}

/** ffprobe's last words, without the file's path and the addresses of its parts. */
function lastMessage(stderr: string, file: string): string {
  const lines = stderr
    .replaceAll(`file:${file}`, 'input')
    .replaceAll(/\[(\S+) @ 0x[0-9a-f]+\] /g, '$1: ')
    .trim()
    .split('\n');
  return lines.slice(-2).join('; ');
}

/** Adds up the packets of a file that does not say how long it is; nothing is decoded, so hours take seconds. */
async function countedDuration(file: string, options: { readonly signal?: AbortSignal }): Promise<number | undefined> {
  const args = [
    '-v',
    'quiet',
    '-select_streams',
    'a:0',
    '-show_entries',
    'packet=pts_time,duration_time',
    '-of',
    'csv=p=0',
    ...openInput(file),
  ];
  const { stdout } = await runProgram('ffprobe', args, options);
  const [pts, duration] = (stdout.trimEnd().split('\n').at(-1) ?? '').split(',').map(Number);
  return pts === undefined || Number.isNaN(pts) ? undefined : pts + (duration ?? 0);
}

async function singleContainer(file: string, format: Format): Promise<string> {
  const name = format.format_name ?? 'unknown';
  if (name.startsWith('mov,mp4')) {
    const brand = (format.tags?.['major_brand'] ?? '').trim();
    if (brand === 'qt') return 'quicktime';
    if (brand.startsWith('3gp')) return '3gp';
    return brand.startsWith('3g2') ? '3g2' : 'mp4';
  }
  if (name.startsWith('matroska')) {
    const handle = await open(file);
    try {
      // The document type stands in the EBML header, within the first bytes.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(128), 0, 128, 0);
      return buffer.subarray(0, bytesRead).includes('webm') ? 'webm' : 'matroska';
    } finally {
      await handle.close();
    }
  }
  return name;
}

function toTrack(stream: Stream): MediaTrack {
  const kind = stream.codec_type === 'audio' || stream.codec_type === 'video' ? stream.codec_type : 'data';
  return {
    index: stream.index,
    kind,
    codec: stream.codec_name ?? 'unknown',
    durationSeconds: numeric(stream.duration),
    bitRate: numeric(stream.bit_rate),
    language: stream.tags?.['language'],
    channels: stream.channels ?? 0,
    sampleRate: numeric(stream.sample_rate) ?? 0,
    channelLayout: stream.channel_layout,
    bitDepth: numeric(stream.bits_per_raw_sample) || stream.bits_per_sample || undefined,
    width: stream.width,
    height: stream.height,
  };
}

function numeric(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? undefined : value;
}

interface Ffprobed {
  readonly streams?: readonly Stream[];
  readonly format?: Format;
}

interface Format {
  readonly format_name?: string;
  readonly duration?: string;
  readonly start_time?: string;
  readonly bit_rate?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

interface Stream {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly duration?: string;
  readonly bit_rate?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly channel_layout?: string;
  readonly bits_per_sample?: number;
  readonly bits_per_raw_sample?: string;
  readonly width?: number;
  readonly height?: number;
  readonly disposition?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}
