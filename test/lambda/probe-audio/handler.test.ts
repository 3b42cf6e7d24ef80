import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import type { handler as Handler } from '../../../lambda/probe-audio/handler.ts';
import { extensionOf } from '../../../lambda/shared/identity.ts';
import { createMediaConvert } from '../../../local/mediaconvert/mediaconvert.ts';
import { createS3 } from '../../../local/s3/s3.ts';
import { BareCloud } from '../../local/s3/bare-cloud.ts';
import { startCatalogueTable } from '../../support/catalogue-table.ts';
import type { CatalogueTable } from '../../support/catalogue-table.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { executionOf, sermonOf } from '../support/sermons.ts';

const bare = new BareCloud();
let table: CatalogueTable;
let s3: S3Client;
let probeAudio: typeof Handler;

beforeAll(async () => {
  table = await startCatalogueTable();
  const [storage, mediaConvert] = [bare.add(createS3(bare.cloud)), bare.add(createMediaConvert(bare.cloud))];
  if (mediaConvert.service === undefined) throw new Error('MediaConvert has no operations');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: await bare.serve(storage.service),
    AWS_ENDPOINT_URL_MEDIACONVERT: await bare.serve(mediaConvert.service),
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(await table.catalogue.documents.config.endpoint?.())?.port}`,
    MEDIA_BUCKET: 'media',
    CATALOGUE_TABLE: 'catalogue',
    QUEUE_ALLOWANCE_SECONDS: '3600',
    SHORTEST_SECONDS: '0.5',
    LONGEST_SECONDS: '14400',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  s3 = new S3Client({});
  await bare.deploy('AWS::S3::Bucket', 'media', {});
  // The handler reads its settings as it is loaded.
  ({ handler: probeAudio } = await import('../../../lambda/probe-audio/handler.ts'));
});
afterAll(async () => {
  s3.destroy();
  await bare.remove();
  await table.stop();
});

type Probing = ReturnType<typeof Handler>;

/** Uploads a file under a name and probes it, as the workflow does after pinning it. */
async function probe(name: string, bytes: Buffer): Probing {
  const sermon = sermonOf({ key: `uploads/${name}`, sizeBytes: bytes.length });
  const sourceKey = `work/${sermon.sermonId}/source${extensionOf(name)}`;
  await s3.send(new PutObjectCommand({ Bucket: 'media', Key: sourceKey, Body: bytes }));
  // Of Lambda's context only these are read.
  const context = { awsRequestId: 'r', functionName: 'probe-audio', memoryLimitInMB: '512', invokedFunctionArn: 'arn' } as Context;
  return probeAudio({ sermon: { ...sermon, sourceKey }, execution: executionOf(sermon) }, context);
}

/** A recording made by ffmpeg: a tone of two seconds unless the words say otherwise. */
function recording(name: string, words: string, input = '-f lavfi -i sine=duration=2'): Buffer {
  const file = join(tempFolder(), name);
  execFileSync('ffmpeg', ['-v', 'error', ...`${input} ${words}`.split(' ').filter(Boolean), file]);
  return readFileSync(file);
}

/** The same random bytes each time, and such as ffprobe takes for an MP3. */
const randomBytes = (): Buffer => createCipheriv('aes-128-ctr', Buffer.alloc(16, 21), Buffer.alloc(16)).update(Buffer.alloc(440_000));

const pictures = '-f lavfi -i color=duration=2:size=64x64';

test.each<[string, () => Buffer, string]>([
  ['text.mp3', () => Buffer.from('In the beginning was the Word. '.repeat(200)), 'UnreadableAudioError'],
  ['random.mp3', randomBytes, 'UnreadableAudioError'],
  ['cut.m4a', () => recording('a.m4a', '').subarray(0, 5000), 'UnreadableAudioError'],
  ['head.wav', () => recording('a.wav', '').subarray(0, 44), 'UnreadableAudioError'],
  ['silent.mp4', () => recording('a.mp4', '', pictures), 'NoAudioTrackError'],
  ['short.wav', () => recording('a.wav', '', '-f lavfi -i sine=duration=0.3'), 'TooShortError'],
  ['protected.m4a', () => Buffer.from(recording('a.m4a', '').toString('latin1').replace('mp4a', 'drms'), 'latin1'), 'ProtectedAudioError'],
  ['a.aiff', () => recording('a.aiff', ''), 'UnsupportedFormatError'],
  ['a.caf', () => recording('a.caf', ''), 'UnsupportedFormatError'],
  ['a.aac', () => recording('a.aac', ''), 'UnsupportedFormatError'],
  ['a.ac3', () => recording('a.ac3', ''), 'UnsupportedFormatError'],
  ['alac.m4a', () => recording('a.m4a', '-c:a alac'), 'UnsupportedFormatError'],
])('%s is refused', async (name, bytes, error) => {
  await expect(probe(name, bytes())).rejects.toMatchObject({ name: error });
});

test.each<[string, () => Buffer, number, string | null]>([
  ['a.mp3', () => recording('a.mp3', ''), 1, 'mp3'],
  ['tagged.mp3', () => recording('a.mp3', '-metadata title=A -ar 22050'), 1, 'mp3'],
  ['mp3 named.wav', () => recording('a.mp3', '-ac 2'), 2, 'mp3'],
  ['a.m4a', () => recording('a.m4a', ''), 1, 'mp4'],
  ['a.wma', () => recording('a.wma', ''), 1, null],
  ['eight.flac', () => recording('a.flac', '-ac 8'), 8, null],
  ['a.ogg', () => recording('a.ogg', '-c:a libopus'), 1, 'ogg'],
  ['a.webm', () => recording('a.webm', '-c:a libopus'), 1, 'webm'],
  ['film.mov', () => recording('a.mov', '-c:a pcm_s16le', `${pictures} -f lavfi -i sine=duration=2`), 1, null],
  ['film.mp4', () => recording('a.mp4', '', `${pictures} -f lavfi -i sine=duration=2`), 1, 'mp4'],
])('%s is accepted', async (name, bytes, channels, transcribeFormat) => {
  const { audio } = await probe(name, bytes());
  expect(audio).toMatchObject({ channels, transcribeFormat });
  expect(audio.durationSeconds).toBeCloseTo(2, 0);
});
