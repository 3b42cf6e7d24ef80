import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { encodeAll } from './encode.ts';
import { AAC_FRAME_SAMPLES, countFrames, writeSegments } from './packed-audio.ts';
import { mediaPlaylist, multivariantPlaylist, type Variant } from './playlist.ts';
import { probeMedia, type MediaDescription } from './probe-media.ts';
import type { ProcessLimit } from './process-limit.ts';
import { planSegments } from './segment-plan.ts';
import type { FileGroupPlan, GroupPlan, HlsGroupPlan, TranscodePlan } from './transcode-plan.ts';

/** What a transcoding works with. */
export interface TranscodeContext {
  /** The recording on disk. */
  readonly file: string;
  readonly description: MediaDescription;
  /** An empty folder for everything that is made. */
  readonly folder: string;
  readonly limit: ProcessLimit;
  readonly signal: AbortSignal;
}

/** One output group's files on disk, with where they belong. */
export interface TranscodedGroup {
  readonly kind: GroupPlan['kind'];
  /** In the order in which they may appear: a playlist comes after all that it names. */
  readonly files: readonly TranscodedFile[];
  /** The multivariant playlist. */
  readonly playlistUrl?: string;
  readonly outputs: readonly { readonly url: string; readonly durationSeconds: number }[];
}

export interface TranscodedFile {
  readonly file: string;
  readonly url: string;
  readonly contentType: string;
}

/** Raised when a recording gives no sound although it can be opened. */
export class NothingDecodedError extends Error {
  override readonly name = 'NothingDecodedError';
  constructor(cause?: unknown) {
    super('the audio track gave no sound; the file is damaged or cut off', { cause });
  }
}

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
const CONTENT_TYPES: Readonly<Record<string, string>> = { aac: 'audio/aac', mp3: 'audio/mpeg', wav: 'audio/wav' };

/**
 * Makes everything that a plan asks for, in `folder`.
 * @throws NothingDecodedError, ProgramFailedError
 */
export async function transcode(plan: TranscodePlan, context: TranscodeContext): Promise<readonly TranscodedGroup[]> {
  const { file, description, folder, limit, signal } = context;
  const track = description.tracks.filter(({ kind }) => kind === 'audio')[plan.track - 1];
  await mkdir(folder, { recursive: true });
  const encodings = plan.groups.flatMap((group, groupIndex) =>
    group.renditions.map((rendition, index) => ({ ...rendition, file: encodedFile(folder, groupIndex, index) })),
  );
  await encodeAll({ file, channels: track?.channels ?? 1, plan, folder, limit, signal }, encodings);
  return Promise.all(
    plan.groups.map((group, index) =>
      group.kind === 'hls' ? finishHls(group, plan, folder, index) : finishFiles(group, plan, folder, index, signal),
    ),
  );
}

function encodedFile(folder: string, group: number, rendition: number): string {
  return join(folder, `group${group}-rendition${rendition}`);
}

/** MediaConvert's names: a destination that ends with a slash is completed by the input's own name. */
function baseUrl(destination: string, inputUrl: string): string {
  return destination.endsWith('/') ? destination + basename(inputUrl, extname(inputUrl)) : destination;
}

async function finishHls(group: HlsGroupPlan, plan: TranscodePlan, folder: string, groupIndex: number): Promise<TranscodedGroup> {
  const base = baseUrl(group.destination, plan.inputUrl);
  const files: TranscodedFile[] = [];
  const variants: Variant[] = [];
  const outputs: { url: string; durationSeconds: number }[] = [];
  for (const [index, rendition] of group.renditions.entries()) {
    const url = `${base}${rendition.nameModifier}`;
    const { sampleRate } = rendition.codec;
    const encoded = encodedFile(folder, groupIndex, index);
    const frames = await countFrames(encoded);
    if (frames === 0) throw new NothingDecodedError();
    const counts = planSegments(frames, { ...group, frameSeconds: AAC_FRAME_SAMPLES / sampleRate });
    const written = await writeSegments(encoded, counts, sampleRate, (segment) => `${encoded}-${segmentNumber(segment)}`);
    // The encoded file is in its segments now; hours of it should not lie around twice.
    await rm(encoded);
    const segments = written.map((segment, number) => ({ ...segment, url: `${url}_${segmentNumber(number)}.aac` }));
    const listed = segments.map((segment) => ({ ...segment, name: basename(segment.url) }));
    await writeFile(`${encoded}.m3u8`, mediaPlaylist(listed, group));
    files.push(...segments.map((segment) => ({ file: segment.file, url: segment.url, contentType: 'audio/aac' })));
    files.push({ file: `${encoded}.m3u8`, url: `${url}.m3u8`, contentType: PLAYLIST_TYPE });
    variants.push({ playlist: `${basename(url)}.m3u8`, segments: listed });
    outputs.push({ url: `${url}.m3u8`, durationSeconds: (frames * AAC_FRAME_SAMPLES) / sampleRate });
  }
  const playlist = join(folder, `group${groupIndex}.m3u8`);
  await writeFile(playlist, multivariantPlaylist(variants));
  files.push({ file: playlist, url: `${base}.m3u8`, contentType: PLAYLIST_TYPE });
  return { kind: 'hls', files, playlistUrl: `${base}.m3u8`, outputs };
}

/** Five digits from 00001, as MediaConvert counts. */
function segmentNumber(index: number): string {
  return String(index + 1).padStart(5, '0');
}

async function finishFiles(
  group: FileGroupPlan,
  plan: TranscodePlan,
  folder: string,
  groupIndex: number,
  signal: AbortSignal,
): Promise<TranscodedGroup> {
  const base = baseUrl(group.destination, plan.inputUrl);
  const made = await Promise.all(
    group.renditions.map(async ({ nameModifier, extension, codec }, index) => {
      const file = encodedFile(folder, groupIndex, index);
      const { durationSeconds } = await probeMedia(file, signal).catch((error: unknown) => {
        throw new NothingDecodedError(error);
      });
      return {
        file,
        url: `${base}${nameModifier}.${extension}`,
        contentType: CONTENT_TYPES[codec.name] ?? 'application/octet-stream',
        durationSeconds,
      };
    }),
  );
  return { kind: 'file', files: made, outputs: made.map(({ url, durationSeconds }) => ({ url, durationSeconds })) };
}
