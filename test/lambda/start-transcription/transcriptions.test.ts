import { SFNClient } from '@aws-sdk/client-sfn';
import { TranscribeClient } from '@aws-sdk/client-transcribe';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { jobNameFor } from '../../../lambda/start-transcription/job-names.ts';
import { startTranscription, type TranscriptionRequest } from '../../../lambda/start-transcription/start-transcription.ts';
import { readRow } from '../../../lambda/shared/catalogue.ts';
import { listOpenTranscriptions, settleTranscription, type TranscriptionPorts } from '../../../lambda/shared/transcriptions.ts';
import { type CatalogueTable, startCatalogueTable } from '../../support/catalogue-table.ts';
import { type JsonService, ServiceError, startJsonService } from '../../support/json-service.ts';

/** Jobs of Transcribe by name, what was started, and the answers that Step Functions got, by token. */
let jobs: Map<string, { TranscriptionJobStatus: string; FailureReason?: string }>;
let started: Record<string, unknown>[];
let answers: [token: unknown, answer: unknown][];
let deadTokens: Set<unknown>;
let refusal: ServiceError | undefined;
/** What happens elsewhere while a job is being started. */
let meanwhile: () => Promise<unknown>;
let table: CatalogueTable;
let service: JsonService;
let ports: TranscriptionPorts;

const answer = (token: unknown, value: unknown): object => {
  if (deadTokens.has(token)) throw new ServiceError('TaskTimedOut');
  deadTokens.add(token);
  answers.push([token, value]);
  return {};
};

beforeAll(async () => {
  table = await startCatalogueTable();
  service = await startJsonService({
    StartTranscriptionJob: async (input) => {
      await meanwhile();
      if (refusal !== undefined) throw refusal;
      const name = String(input['TranscriptionJobName']);
      if (jobs.has(name)) throw new ServiceError('ConflictException', 'The requested job name already exists.');
      jobs.set(name, { TranscriptionJobStatus: 'QUEUED' });
      started.push(input);
      return { TranscriptionJob: { TranscriptionJobName: name, TranscriptionJobStatus: 'QUEUED' } };
    },
    GetTranscriptionJob: ({ TranscriptionJobName }) => {
      const job = jobs.get(String(TranscriptionJobName));
      if (job === undefined)
        throw new ServiceError(
          'BadRequestException',
          "The requested job couldn't be found. Check the job name and try your request again.",
        );
      return { TranscriptionJob: { TranscriptionJobName, ...job } };
    },
    SendTaskSuccess: ({ taskToken, output }) => answer(taskToken, JSON.parse(String(output))),
    SendTaskFailure: ({ taskToken, error, cause }) => answer(taskToken, { error, cause }),
  });
  ports = {
    catalogue: table.catalogue,
    transcribe: new TranscribeClient(service.clientConfig),
    stepFunctions: new SFNClient(service.clientConfig),
  };
});
afterAll(async () => {
  ports.transcribe.destroy();
  ports.stepFunctions.destroy();
  await service.stop();
  await table.stop();
});

let runs = 0;
let run: string;
beforeEach(() => {
  run = `run-${(runs += 1)}`;
  [jobs, started, answers, deadTokens, refusal, meanwhile] = [new Map(), [], [], new Set(), undefined, async () => undefined];
});

const settings = {
  mediaBucket: 'media',
  transcribeRoleArn: 'arn:aws:iam::000000000000:role/transcribe',
  languageCode: 'en-US',
  deployment: 'pulpit-test',
} as const;
const request = (token: string): TranscriptionRequest => ({
  sermon: {
    sermonId: 'grace',
    version: '01',
    revision: 0,
    source: { bucket: 'uploads', key: 'uploads/grace.mp3', versionId: 'v', etag: 'e', sizeBytes: 1 },
  },
  speech: { key: 'work/grace/01/0/source.mp3', format: 'mp3' },
  token,
  execution: { arn: `arn:aws:states:us-east-1:000000000000:execution:publish-sermon:${run}`, name: run },
});
const start = (token: string) => startTranscription(request(token), settings, ports);
const TRANSCRIBED = { transcriptionKey: 'work/grace/01/0/transcription.json' };

test('a job is started once, may be deferred, and is listed as open until its answer', async () => {
  expect(await start('token-1')).toEqual({ jobName: run, outcome: 'started' });
  expect(started).toEqual([
    {
      TranscriptionJobName: run,
      LanguageCode: 'en-US',
      MediaFormat: 'mp3',
      Media: { MediaFileUri: 's3://media/work/grace/01/0/source.mp3' },
      OutputBucketName: 'media',
      OutputKey: TRANSCRIBED.transcriptionKey,
      Tags: [{ Key: 'deployment', Value: 'pulpit-test' }],
      JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: settings.transcribeRoleArn },
    },
  ]);
  const open = async (): Promise<string[]> => (await listOpenTranscriptions(ports)).map(({ jobName }) => jobName);
  expect(await open()).toContain(run);
  jobs.set(run, { TranscriptionJobStatus: 'COMPLETED' });
  expect(await settleTranscription(run, ports)).toMatchObject({ outcome: 'answered', sermonId: 'grace' });
  expect(answers).toEqual([['token-1', TRANSCRIBED]]);
  expect(await open()).not.toContain(run);
});

test('a job that still runs keeps its token for later', async () => {
  await start('token-1');
  expect(await settleTranscription(run, ports)).toMatchObject({ outcome: 'running' });
  expect(answers).toEqual([]);
});

test('a redrive joins the running job, and the answer goes to the new token', async () => {
  await start('token-1');
  expect(await start('token-2')).toEqual({ jobName: run, outcome: 'joined' });
  jobs.set(run, { TranscriptionJobStatus: 'COMPLETED' });
  await settleTranscription(run, ports);
  expect(started).toHaveLength(1);
  expect(answers).toEqual([['token-2', TRANSCRIBED]]);
});

test('a redrive of a finished job is answered at once, without another job', async () => {
  await start('token-1');
  jobs.set(run, { TranscriptionJobStatus: 'COMPLETED' });
  expect(await start('token-2')).toEqual({ jobName: run, outcome: 'answered' });
  expect(started).toHaveLength(1);
  expect(answers).toEqual([['token-2', TRANSCRIBED]]);
});

test('after a failed job the next try starts one of another name, and the failed one stays silent', async () => {
  await start('token-1');
  jobs.set(run, { TranscriptionJobStatus: 'FAILED', FailureReason: 'Internal failure.' });
  await settleTranscription(run, ports);
  expect(answers).toEqual([['token-1', { error: 'TranscriptionFailedError', cause: expect.stringContaining('Internal failure') }]]);
  expect(await start('token-2')).toEqual({ jobName: `${run}-1`, outcome: 'started' });
  expect(await settleTranscription(run, ports)).toEqual({ outcome: 'unknown' });
  expect(answers).toHaveLength(1);
});

test('news of the failed job that come again while the next one is started do not end its wait', async () => {
  await start('token-1');
  jobs.set(run, { TranscriptionJobStatus: 'FAILED', FailureReason: 'Internal failure.' });
  await settleTranscription(run, ports);
  meanwhile = () => settleTranscription(run, ports);
  expect(await start('token-2')).toMatchObject({ outcome: 'started' });
  expect(answers.map(([token]) => token)).toEqual(['token-1']);
});

test('a recording that Transcribe cannot read is refused for good, by its job or by the start', async () => {
  await start('token-1');
  jobs.set(run, { TranscriptionJobStatus: 'FAILED', FailureReason: 'Unsupported media format.' });
  await settleTranscription(run, ports);
  expect(answers).toEqual([
    ['token-1', { error: 'TranscriptionRefusedError', cause: expect.stringContaining('Unsupported media format') }],
  ]);
  await expect(start('token-2')).rejects.toMatchObject({ name: 'TranscriptionRefusedError' });
  run = `${run}-anew`;
  refusal = new ServiceError('BadRequestException', 'The media format is not valid.');
  await expect(start('token-3')).rejects.toMatchObject({
    name: 'TranscriptionRefusedError',
    message: expect.stringContaining('The media format is not valid'),
  });
});

test('an answer that comes too late is dropped and not asked for again', async () => {
  await start('token-1');
  jobs.set(run, { TranscriptionJobStatus: 'COMPLETED' });
  deadTokens.add('token-1');
  expect(await settleTranscription(run, ports)).toMatchObject({ outcome: 'late' });
  expect(await settleTranscription(run, ports)).toEqual({ outcome: 'unknown' });
  expect((await readRow(ports.catalogue, `transcription#${run}`))?.['answered']).toBe('too late');
});

test('a job of somebody else is none of ours', async () => {
  expect(await settleTranscription('another-product', ports)).toEqual({ outcome: 'unknown' });
});

test('a job that was never started is not an answer', async () => {
  refusal = new ServiceError('LimitExceededException');
  await expect(start('token-1')).rejects.toMatchObject({ name: 'LimitExceededException' });
  expect(await settleTranscription(run, ports)).toMatchObject({ outcome: 'missing' });
});

test('job names keep to what Transcribe allows', () => {
  expect(jobNameFor('grace é/x', 0)).toBe('grace-x');
  expect(jobNameFor('x'.repeat(300), 12)).toHaveLength(199);
});
