import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  BadRequestException,
  ConflictException,
  GetTranscriptionJobCommand,
  ListTranscriptionJobsCommand,
  StartTranscriptionJobCommand,
  TranscribeClient,
  type StartTranscriptionJobCommandInput,
} from '@aws-sdk/client-transcribe';
import { record, speak } from '../../media/recordings.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { BUCKET, openMediaCloud, POWERLESS_ROLE, ROLE, type MediaCloud } from '../media-cloud.ts';

const speech = speak('Though I walk through the valley of the shadow of death, I will fear no evil.');
const open: MediaCloud[] = [];

afterEach(async () => {
  for (const cloud of open.splice(0)) await cloud.stop();
});

async function start(folder?: string): Promise<{ cloud: MediaCloud; transcribe: TranscribeClient; s3: S3Client }> {
  const cloud = await openMediaCloud(folder);
  open.push(cloud);
  return { cloud, transcribe: new TranscribeClient(cloud.client), s3: new S3Client(cloud.client) };
}

async function upload(s3: S3Client, file: string, key = 'work/source.wav'): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: readFileSync(file) }));
}

const job = (more: Partial<StartTranscriptionJobCommandInput> = {}): StartTranscriptionJobCommandInput => ({
  TranscriptionJobName: 'job',
  LanguageCode: 'en-US',
  MediaFormat: 'wav',
  Media: { MediaFileUri: 's3://media/work/source.wav' },
  OutputBucketName: BUCKET,
  OutputKey: 'work/transcription.json',
  Tags: [{ Key: 'deployment', Value: 'pulpit-test' }],
  JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: ROLE },
  ...more,
});

const ended = (cloud: MediaCloud, name = 'job') => cloud.event(({ detail }) => detail['TranscriptionJobName'] === name);

async function transcript(s3: S3Client): Promise<{ results: { transcripts: { transcript: string }[]; items: unknown[] } }> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'work/transcription.json' }));
  return JSON.parse((await Body?.transformToString()) ?? '') as { results: { transcripts: { transcript: string }[]; items: unknown[] } };
}

test('spoken words are recognised, written as the data access role, and announced', async () => {
  const { cloud, transcribe, s3 } = await start();
  await upload(s3, speech);
  const { TranscriptionJob: started } = await transcribe.send(new StartTranscriptionJobCommand(job()));
  expect(started?.TranscriptionJobStatus).toBe('QUEUED');
  expect(await ended(cloud)).toMatchObject({
    source: 'aws.transcribe',
    detailType: 'Transcribe Job State Change',
    detail: { TranscriptionJobStatus: 'COMPLETED' },
  });
  expect((await transcript(s3)).results.transcripts[0]?.transcript).toMatch(/valley of the shadow of death/i);
  const { TranscriptionJob: finished } = await transcribe.send(new GetTranscriptionJobCommand({ TranscriptionJobName: 'job' }));
  expect(finished).toMatchObject({
    TranscriptionJobStatus: 'COMPLETED',
    MediaFormat: 'wav',
    Tags: [{ Key: 'deployment', Value: 'pulpit-test' }],
    Transcript: { TranscriptFileUri: 'https://s3.us-east-1.amazonaws.com/media/work/transcription.json' },
  });
  expect(finished?.CompletionTime).toBeInstanceOf(Date);
});

test('silence completes with an empty transcript', async () => {
  const { cloud, transcribe, s3 } = await start();
  await upload(s3, record('silent.wav', '-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '3'));
  await transcribe.send(new StartTranscriptionJobCommand(job()));
  expect((await ended(cloud)).detail).toMatchObject({ TranscriptionJobStatus: 'COMPLETED' });
  expect((await transcript(s3)).results).toMatchObject({ transcripts: [{ transcript: '' }], items: [] });
});

test.each([
  [
    'MP3 that is called WAV',
    'The media format provided does not match the detected media format.',
    () => record('s.mp3', '-i', speech),
    {},
  ],
  ['Windows Media Audio', 'Unsupported media format.', () => record('s.wma', '-i', speech, '-ar', '44100'), {}],
  ['eight channels', 'Invalid number of channels: number of channels too large.', () => record('e.wav', '-i', speech, '-ac', '8'), {}],
  [
    'a wrong sample rate',
    'The sample rate provided does not match the detected sample rate.',
    () => speech,
    { MediaSampleRateHertz: 44_100 },
  ],
  ['a rate above 48 kHz', 'Invalid sample rate for audio file.', () => record('r.wav', '-i', speech, '-ar', '96000'), {}],
])('%s fails the job with the words of the service', async (_, FailureReason, make, more) => {
  const { cloud, transcribe, s3 } = await start();
  await upload(s3, make());
  await transcribe.send(new StartTranscriptionJobCommand(job(more)));
  expect((await ended(cloud)).detail).toMatchObject({ TranscriptionJobStatus: 'FAILED' });
  const { TranscriptionJob } = await transcribe.send(new GetTranscriptionJobCommand({ TranscriptionJobName: 'job' }));
  expect(TranscriptionJob?.FailureReason).toBe(FailureReason);
});

test('a name is given once', async () => {
  const { cloud, transcribe, s3 } = await start();
  await upload(s3, speech);
  await transcribe.send(new StartTranscriptionJobCommand(job()));
  await expect(transcribe.send(new StartTranscriptionJobCommand(job()))).rejects.toThrow(ConflictException);
  await ended(cloud);
  await expect(transcribe.send(new GetTranscriptionJobCommand({ TranscriptionJobName: 'other' }))).rejects.toThrow("couldn't be found");
});

test.each([
  [
    'media that the data access role may not read',
    { JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: POWERLESS_ROLE } },
    "can't be accessed",
  ],
  ['deferred execution without a role', { JobExecutionSettings: { AllowDeferredExecution: true } }, 'together'],
  ['a setting that is not carried out', { Settings: { ShowSpeakerLabels: true, MaxSpeakerLabels: 2 } }, 'Settings is not carried out here'],
  ['a language that the recogniser does not know', { LanguageCode: 'es-US' as const }, 'es-US'],
])('%s is refused at once', async (_, more, reason) => {
  const { transcribe, s3 } = await start();
  await upload(s3, speech);
  const refused = transcribe.send(new StartTranscriptionJobCommand(job(more)));
  await expect(refused).rejects.toThrow(BadRequestException);
  await expect(refused).rejects.toThrow(reason);
});

test('a job that was dropped in the middle runs again under its name, and ends once', async () => {
  const folder = tempFolder();
  const before = await start(folder);
  await upload(before.s3, speech);
  await before.transcribe.send(new StartTranscriptionJobCommand(job()));
  await before.cloud.stop();
  expect(before.cloud.events).toEqual([]);
  open.splice(0);

  const after = await start(folder);
  expect((await ended(after.cloud)).detail).toMatchObject({ TranscriptionJobStatus: 'COMPLETED' });
  const { TranscriptionJobSummaries = [] } = await after.transcribe.send(new ListTranscriptionJobsCommand({}));
  expect(TranscriptionJobSummaries.map(({ TranscriptionJobName }) => TranscriptionJobName)).toEqual(['job']);
  expect(after.cloud.events).toHaveLength(1);
});
