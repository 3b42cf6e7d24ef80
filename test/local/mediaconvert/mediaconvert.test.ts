import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import {
  BadRequestException,
  CancelJobCommand,
  CreateJobCommand,
  ForbiddenException,
  GetJobCommand,
  ListJobsCommand,
  MediaConvertClient,
  ProbeCommand,
  type CreateJobCommandInput,
} from '@aws-sdk/client-mediaconvert';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudEvent } from '../../../local/cloud.ts';
import { record, speak } from '../../media/recordings.ts';
import { sermonSettings, speechSettings } from '../../media/sermon-settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { BUCKET, openMediaCloud, POWERLESS_ROLE, ROLE, type MediaCloud } from '../media-cloud.ts';

const speech = speak('Ask, and it shall be given you; seek, and ye shall find.');
const QUEUE = 'arn:aws:mediaconvert:us-east-1:000000000000:queues/sermons';
const open: MediaCloud[] = [];

afterEach(async () => {
  for (const cloud of open.splice(0)) await cloud.stop();
});

async function start(folder?: string): Promise<{ cloud: MediaCloud; mediaConvert: MediaConvertClient; s3: S3Client }> {
  const cloud = await openMediaCloud(folder);
  open.push(cloud);
  return { cloud, mediaConvert: new MediaConvertClient(cloud.client), s3: new S3Client(cloud.client) };
}

async function upload(s3: S3Client, file: string, key = 'work/source.mp3'): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: readFileSync(file) }));
}

const job = (more: Partial<CreateJobCommandInput> = {}): CreateJobCommandInput => ({
  Role: ROLE,
  Queue: QUEUE,
  UserMetadata: { sermonId: 'x', 'Not A Name': 'kept' },
  Settings: sermonSettings({ bitrates: [64_000] }),
  ...more,
});

const ended = (id: string | undefined) => (event: CloudEvent) =>
  event.detail['jobId'] === id && ['COMPLETE', 'ERROR', 'CANCELED'].includes(String(event.detail['status']));

test('a job writes its files as its role and says so in the event and in GetJob', async () => {
  const { cloud, mediaConvert, s3 } = await start();
  await upload(s3, speech);
  const { Job: created } = await mediaConvert.send(new CreateJobCommand(job()));
  expect(created).toMatchObject({ Status: 'SUBMITTED', Queue: QUEUE, UserMetadata: { sermonId: 'x', 'Not A Name': 'kept' } });
  expect(created?.Settings?.Inputs?.[0]?.AudioSelectors).toHaveProperty(['Audio Selector 1', 'DefaultSelection'], 'DEFAULT');

  const { detail } = await cloud.event(ended(created?.Id));
  expect(detail).toMatchObject({
    status: 'COMPLETE',
    userMetadata: { sermonId: 'x' },
    outputGroupDetails: [
      {
        type: 'HLS_GROUP',
        playlistFilePaths: ['s3://media/sermons/x/hls/main.m3u8'],
        outputDetails: [{ outputFilePaths: ['s3://media/sermons/x/hls/main_a64.m3u8'] }],
      },
      { type: 'FILE_GROUP', outputDetails: [{ outputFilePaths: ['s3://media/sermons/x/audio.mp3'] }] },
    ],
  });
  expect(cloud.events.map((event) => event.detail['status'])).toEqual(['PROGRESSING', 'INPUT_INFORMATION', 'COMPLETE']);

  const { Job: finished } = await mediaConvert.send(new GetJobCommand({ Id: created?.Id ?? '' }));
  expect(finished?.Status).toBe('COMPLETE');
  expect(finished?.Timing?.FinishTime).toBeInstanceOf(Date);
  const durationMs = finished?.OutputGroupDetails?.[0]?.OutputDetails?.[0]?.DurationInMs ?? 0;
  expect(durationMs).toBe(detail['outputGroupDetails'][0].outputDetails[0].durationInMs);

  const playlist = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'sermons/x/hls/main.m3u8' }));
  expect(playlist.ContentType).toBe('application/vnd.apple.mpegurl');
  expect(await playlist.Body?.transformToString()).toContain('main_a64.m3u8');
});

test('settings that MediaConvert refuses make no job', async () => {
  const { mediaConvert } = await start();
  const refused = mediaConvert.send(new CreateJobCommand(job({ Settings: sermonSettings({ bitrates: [48_000] }) })));
  await expect(refused).rejects.toThrow(BadRequestException);
  await expect(refused).rejects.toThrow(
    '/outputGroups/0/outputs/0/audioDescriptions/0/codecSettings/aacSettings/bitrate: You specified a value for Bitrate',
  );
  expect((await mediaConvert.send(new ListJobsCommand({}))).Jobs).toEqual([]);
});

test('the same request token within a minute gives the same job', async () => {
  const { cloud, mediaConvert, s3 } = await start();
  await upload(s3, speech);
  const asked = job({ ClientRequestToken: 'once', Settings: speechSettings() });
  const [first, second] = [await mediaConvert.send(new CreateJobCommand(asked)), await mediaConvert.send(new CreateJobCommand(asked))];
  expect(second.Job?.Id).toBe(first.Job?.Id);
  await cloud.event(ended(first.Job?.Id));
});

test.each([
  ['a role without permission', 1401, { Role: POWERLESS_ROLE }],
  ['an input that is not there', 1404, { Settings: speechSettings({ input: 's3://media/work/missing.mp3' }) }],
  ['text instead of sound', 1010, { Settings: speechSettings({ input: 's3://media/work/text.mp3' }) }],
  ['pictures without sound', 1021, { Settings: speechSettings({ input: 's3://media/work/mute.mp4' }) }],
  ['a container that MediaConvert cannot read', 1030, { Settings: speechSettings({ input: 's3://media/work/speech.aiff' }) }],
])('%s ends the job with error %i', async (_, errorCode, more) => {
  const { cloud, mediaConvert, s3 } = await start();
  await upload(s3, speech);
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'work/text.mp3', Body: 'In the beginning was the Word.\n'.repeat(40) }));
  await upload(s3, record('mute.mp4', '-f', 'lavfi', '-i', 'testsrc=d=1:s=160x90'), 'work/mute.mp4');
  await upload(s3, record('speech.aiff', '-i', speech), 'work/speech.aiff');
  const { Job } = await mediaConvert.send(new CreateJobCommand(job(more)));
  expect((await cloud.event(ended(Job?.Id))).detail).toMatchObject({ status: 'ERROR', errorCode });
});

test('a cancelled job ends as cancelled, and cannot be cancelled twice', async () => {
  const { cloud, mediaConvert, s3 } = await start();
  await upload(s3, speech);
  const { Job } = await mediaConvert.send(new CreateJobCommand(job()));
  await mediaConvert.send(new CancelJobCommand({ Id: Job?.Id ?? '' }));
  expect((await cloud.event(ended(Job?.Id))).detail).toMatchObject({ status: 'CANCELED' });
  await expect(mediaConvert.send(new CancelJobCommand({ Id: Job?.Id ?? '' }))).rejects.toMatchObject({ name: 'ConflictException' });
});

test('a job that was dropped in the middle runs again under its id, and is still one job', async () => {
  const folder = tempFolder();
  const before = await start(folder);
  await upload(before.s3, record('long.wav', '-stream_loop', '40', '-i', speech));
  const { Job } = await before.mediaConvert.send(new CreateJobCommand(job()));
  await before.cloud.event(({ detail }) => detail['status'] === 'INPUT_INFORMATION');
  await before.cloud.stop();
  open.splice(0);

  const after = await start(folder);
  expect((await after.cloud.event(ended(Job?.Id))).detail).toMatchObject({ status: 'COMPLETE' });
  const { Jobs = [] } = await after.mediaConvert.send(new ListJobsCommand({}));
  expect(Jobs.map(({ Id, RetryCount }) => ({ Id, RetryCount }))).toEqual([{ Id: Job?.Id, RetryCount: 1 }]);
});

test('Probe describes what is in a file', async () => {
  const { mediaConvert, s3 } = await start();
  await upload(s3, record('probed.m4a', '-i', speech, '-c:a', 'aac', '-ar', '44100', '-ac', '2'), 'work/a b.m4a');
  const { ProbeResults } = await mediaConvert.send(new ProbeCommand({ InputFiles: [{ FileUrl: 's3://media/work/a b.m4a' }] }));
  expect(ProbeResults?.[0]?.Container).toMatchObject({
    Format: 'mp4',
    Tracks: [{ Index: 1, TrackType: 'audio', Codec: 'AAC', AudioProperties: { Channels: 2, SampleRate: 44_100 } }],
  });
  expect(ProbeResults?.[0]?.Metadata?.FileSize).toBeGreaterThan(1000);
});

test.each([
  ['text', 'work/text.mp3', 'the file cannot be read as sound or pictures'],
  ['AIFF', 'work/speech.aiff', 'The container format aiff is not supported'],
])('Probe refuses %s with a reason', async (_, key, reason) => {
  const { mediaConvert, s3 } = await start();
  await upload(s3, record('speech.aiff', '-i', speech), 'work/speech.aiff');
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'work/text.mp3', Body: 'In the beginning was the Word.\n'.repeat(40) }));
  const probed = mediaConvert.send(new ProbeCommand({ InputFiles: [{ FileUrl: `s3://media/${key}` }] }));
  await expect(probed).rejects.toThrow(BadRequestException);
  await expect(probed).rejects.toThrow(reason);
});

test('Probe reads with the permissions of its caller', async () => {
  const { cloud, s3 } = await start();
  await upload(s3, speech);
  cloud.cloud.iam.attachPolicy('powerless', 'probe', {
    Statement: [{ Effect: 'Allow', Action: 'mediaconvert:Probe', Resource: '*' }],
  });
  const caller = new MediaConvertClient({ ...cloud.client, credentials: cloud.cloud.iam.credentialsFor(POWERLESS_ROLE) });
  await expect(caller.send(new ProbeCommand({ InputFiles: [{ FileUrl: 's3://media/work/source.mp3' }] }))).rejects.toThrow(
    ForbiddenException,
  );
});
