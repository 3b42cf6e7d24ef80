import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { probeMedia, UnreadableMediaError, type MediaDescription, type MediaTrack } from '../../media/probe-media.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation, Principal } from '../gateway/service.ts';
import { downloadObject, parseS3Url } from '../s3-files.ts';
import type { MediaConvertParts } from './mediaconvert.ts';
import { probedCodec, probedContainer } from './probed-names.ts';

/** Probe. The files are read with the caller's own permissions, as on AWS. */
export function probe(parts: MediaConvertParts): Operation {
  return {
    permissions: () => [{ action: 'mediaconvert:Probe', resource: '*' }],
    async run(input, caller) {
      const files: unknown = input['InputFiles'];
      if (!Array.isArray(files) || files.length === 0)
        throw new AwsError('BadRequestException', '/inputFiles: Should have at least 1 items');
      const urls = files.map((file: Members) => String(file['FileUrl']));
      return { ProbeResults: await Promise.all(urls.map((url) => probeOne(parts, url, caller))) };
    },
  };
}

async function probeOne({ cloud }: MediaConvertParts, url: string, caller: Principal): Promise<Members> {
  const address = parseS3Url(url);
  if (address === undefined)
    throw new AwsError('BadRequestException', `/inputFiles/0/fileUrl: ${url} is no S3 address; only those are read here`);
  const folder = join(cloud.folder, 'mediaconvert');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `probe-${randomUUID()}`);
  try {
    const object = await downloadObject(cloud, caller, address, file);
    const description = await probeMedia(file);
    return { Container: containerOf(description), Metadata: metadataOf(object), TrackMappings: [trackMapping(description)] };
  } catch (error) {
    throw probeError(url, error);
  } finally {
    await rm(file, { force: true });
  }
}

function probeError(url: string, error: unknown): unknown {
  if (error instanceof UnreadableMediaError) {
    return new AwsError('BadRequestException', `Unable to open input file [${url}]: [Failed probe/open: [${error.message}]]`);
  }
  if (!(error instanceof AwsError)) return error;
  if (error.status === 403)
    return new AwsError('ForbiddenException', `Unable to open input file [${url}]: [Failed to read data: Access Denied]`, 403);
  if (error.status === 404)
    return new AwsError('NotFoundException', `Unable to open input file [${url}]: [Failed to read data: HeadObject failed]`, 404);
  return error;
}

function containerOf({ container, durationSeconds, bitRate, tracks }: MediaDescription): Members {
  const format = probedContainer(container);
  if (format === undefined) throw new AwsError('BadRequestException', `The container format ${container} is not supported`);
  return { Format: format, Duration: durationSeconds, ...(bitRate === undefined ? {} : { BitRate: bitRate }), Tracks: tracks.map(trackOf) };
}

function trackOf(track: MediaTrack): Members {
  return {
    Index: track.index + 1,
    TrackType: track.kind,
    Codec: probedCodec(track.codec),
    ...present({ Duration: track.durationSeconds }),
    ...(track.kind === 'audio' && { AudioProperties: audioOf(track) }),
    ...(track.kind === 'video' && { VideoProperties: present({ Width: track.width, Height: track.height, BitRate: track.bitRate }) }),
  };
}

function audioOf(track: MediaTrack): Members {
  return {
    Channels: track.channels,
    SampleRate: track.sampleRate,
    ...present({ BitDepth: track.bitDepth, BitRate: track.bitRate, ChannelLayout: track.channelLayout, LanguageCode: track.language }),
  };
}

function metadataOf(object: Members): Members {
  return present({
    ETag: object['ETag'],
    FileSize: object['ContentLength'],
    LastModified: object['LastModified'],
    MimeType: object['ContentType'],
  });
}

function trackMapping({ tracks }: MediaDescription): Members {
  const indexes = (kind: MediaTrack['kind']): readonly number[] =>
    tracks.filter((track) => track.kind === kind).map(({ index }) => index + 1);
  return { AudioTrackIndexes: indexes('audio'), VideoTrackIndexes: indexes('video'), DataTrackIndexes: indexes('data') };
}

function present(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
