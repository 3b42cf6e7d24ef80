import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { required } from '../shared/environment.ts';
import { logger, traced, workflowTask } from '../shared/observability.ts';
import type { WorkflowPayload } from '../shared/observability.ts';
import type { Packaged, PreparedSermon } from '../shared/sermon.ts';
import { publishedKeys } from '../shared/storage-keys.ts';
import { IMMUTABLE, readText, writeJson } from '../shared/stored-objects.ts';
import { measureBandwidth } from './bandwidth.ts';
import { captionSegments } from './caption-segments.ts';
import { firstTimestamp } from './first-timestamp.ts';
import type { Captions } from './index-playlist.ts';
import { captionsPlaylist, indexPlaylist } from './index-playlist.ts';
import { playlistSeconds } from './media-playlist.ts';
import { refuseTruncated } from './refuse-truncated.ts';
import type { StoredRendition } from './stream-files.ts';
import { StreamFiles } from './stream-files.ts';
import { waveformOf } from './waveform.ts';

const bucket = required('MEDIA_BUCKET');
const s3 = traced(new S3Client({}));

const PLAYLIST = 'application/vnd.apple.mpegurl';

/** Writes what listeners open beside what MediaConvert wrote: the playlist with captions, and the waveform. May be repeated. */
export const handler = workflowTask<WorkflowPayload & { readonly sermon: PreparedSermon }, Packaged>(async ({ sermon }) => {
  const keys = publishedKeys(sermon);
  const files = new StreamFiles(s3, bucket, keys.hlsPrefix);
  const renditions = await files.renditions(keys.mediaConvertPlaylist);
  const durationSeconds = Math.round(1000 * Math.min(...renditions.map(({ playlist }) => playlistSeconds(playlist)))) / 1000;
  refuseTruncated(sermon.source.key, sermon.audio.durationSeconds, durationSeconds);

  const captions = await writeCaptions(sermon, files, renditions, durationSeconds);
  const measured = renditions.map(({ uri, playlist, segments }) => ({
    uri,
    bandwidth: measureBandwidth(segments, playlist.targetDurationSeconds),
  }));
  await writeJson(s3, { bucket, key: keys.waveform }, await waveformOf(await open(keys.audio), durationSeconds), IMMUTABLE);
  // Last: what it names is there when it can be opened.
  await files.write([{ name: keys.playlist.slice(keys.hlsPrefix.length), text: indexPlaylist(measured, captions) }], PLAYLIST);
  logger.info('stream packaged', { durationSeconds, renditions: renditions.length, captions: captions !== undefined });
  return { stream: { playlistKey: keys.playlist, audioKey: keys.audio, waveformKey: keys.waveform, durationSeconds } };
});

async function writeCaptions(
  sermon: PreparedSermon,
  files: StreamFiles,
  [rendition]: readonly StoredRendition[],
  durationSeconds: number,
): Promise<Captions | undefined> {
  const firstSegment = rendition?.playlist.segments[0];
  if (!sermon.transcript.hasSpeech || firstSegment === undefined) return undefined;
  const webVtt = await readText(s3, { bucket, key: publishedKeys(sermon).captions });
  const segments = captionSegments(webVtt, durationSeconds, firstTimestamp(await files.head(firstSegment.uri)));
  await files.write(segments, 'text/vtt');
  await files.write([{ name: 'captions.m3u8', text: captionsPlaylist(segments) }], PLAYLIST);
  return { uri: 'captions.m3u8', language: sermon.transcript.language };
}

async function open(key: string): Promise<AsyncIterable<Uint8Array>> {
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (body === undefined) throw new Error(`s3://${bucket}/${key} came without a body; try again`);
  return body.transformToWebStream();
}
