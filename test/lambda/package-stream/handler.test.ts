import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import type { handler as Handler } from '../../../lambda/package-stream/handler.ts';
import { publishedKeys } from '../../../lambda/shared/storage-keys.ts';
import { createS3 } from '../../../local/s3/s3.ts';
import { probeMedia } from '../../../media/probe-media.ts';
import { ProcessLimit } from '../../../media/process-limit.ts';
import { planTranscode } from '../../../media/transcode-plan.ts';
import { transcode } from '../../../media/transcode.ts';
import { BareCloud } from '../../local/s3/bare-cloud.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { streamJob } from './stream-job.ts';
import { executionOf, preparedOf, sermonOf } from '../support/sermons.ts';

const bare = new BareCloud();
const sermon = { ...preparedOf(sermonOf()), audio: { ...preparedOf(sermonOf()).audio, durationSeconds: 20 } };
const keys = publishedKeys(sermon);
// Of Lambda's context only these are read.
const context = { awsRequestId: 'r', functionName: 'package-stream', memoryLimitInMB: '512', invokedFunctionArn: 'arn' } as Context;
let s3: S3Client;
let packageStream: typeof Handler;

const put = (Key: string, Body: Buffer | string) => s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));
const read = async (name: string): Promise<string> => {
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'media', Key: name }));
  return (await body?.transformToString()) ?? '';
};

beforeAll(async () => {
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    MEDIA_BUCKET: 'media',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  Object.assign(process.env, env, { AWS_ENDPOINT_URL_S3: await bare.serve(bare.add(createS3(bare.cloud)).service) });
  s3 = new S3Client({});
  await bare.deploy('AWS::S3::Bucket', 'media', {});
  const file = join(tempFolder(), 'source.wav');
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=20', file]);
  const description = await probeMedia(file);
  const job = { file, description, folder: join(tempFolder(), 'out'), limit: new ProcessLimit(2), signal: new AbortController().signal };
  for (const { files } of await transcode(planTranscode(streamJob(keys)), job)) {
    for (const made of files) await put(made.url.replace('s3://media/', ''), readFileSync(made.file));
  }
  await put(keys.captions, 'WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nIn the beginning\n');
  // The handler reads its settings as it is loaded.
  ({ handler: packageStream } = await import('../../../lambda/package-stream/handler.ts'));
});
afterAll(async () => {
  s3.destroy();
  await bare.remove();
});

test('what MediaConvert wrote becomes a stream with captions and a waveform, and a second run writes the same', async () => {
  const { stream } = await packageStream({ sermon, execution: executionOf(sermon) }, context);
  expect(stream.durationSeconds).toBeCloseTo(20, 0);
  const names = [stream.playlistKey, stream.waveformKey, `${keys.hlsPrefix}captions.m3u8`, `${keys.hlsPrefix}captions_00001.vtt`];
  const written = await Promise.all(names.map(read));
  expect(written[0]).toMatch(/BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="mp4a.40.2",SUBTITLES="subs"\nmain_a128.m3u8/);
  expect(written[3]).toMatch(
    /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:00:01.000 --> 00:00:04.000\nIn the beginning\n/,
  );

  expect(await packageStream({ sermon, execution: executionOf(sermon) }, context)).toEqual({ stream });
  expect(await Promise.all(names.map(read))).toEqual(written);
});

test('the announced peak is no less than that of any segment', async () => {
  const { stream } = await packageStream({ sermon, execution: executionOf(sermon) }, context);
  const index = await read(stream.playlistKey);
  const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'media', Prefix: `${keys.hlsPrefix}main_a128_` }));
  const announced = Number(/BANDWIDTH=(\d+).*\nmain_a128/.exec(index)?.[1]);
  expect(objects.length).toBeGreaterThan(2);
  // No segment is shorter than five seconds here but the last, which MediaConvert makes two at least.
  for (const { Size: size = 0 } of objects.slice(0, -1)) expect(announced).toBeGreaterThanOrEqual((8 * size) / 6.1);
});

test('a stream much shorter than the upload promised is refused', async () => {
  const cut = { ...sermon, audio: { ...sermon.audio, durationSeconds: 40 } };
  await expect(packageStream({ sermon: cut, execution: executionOf(sermon) }, context)).rejects.toMatchObject({
    name: 'TruncatedUploadError',
  });
});
