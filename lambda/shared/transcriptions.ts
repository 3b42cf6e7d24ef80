import {
  GetTranscriptionJobCommand,
  type TranscribeClient,
  type TranscriptionJob,
  TranscribeServiceException,
} from '@aws-sdk/client-transcribe';
import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Catalogue, type Item, readListing, readRow, updateRow } from './catalogue.ts';
import { TRANSCRIPTION } from './catalogue-rows.ts';
import { TranscriptionFailedError, TranscriptionRefusedError } from './errors.ts';

/** The services that transcriptions need, and the catalogue where their tokens lie. */
export interface TranscriptionPorts {
  readonly catalogue: Catalogue;
  readonly transcribe: TranscribeClient;
  readonly stepFunctions: SFNClient;
}

/** A run that waits for a transcription job: the catalogue's row `transcription#<jobName>`. */
export interface WaitingTranscription {
  readonly jobName: string;
  /** The task token that the run waits with; a redrive brings a new one. Never logged. */
  readonly token: string;
  readonly sermonId: string;
  readonly executionArn: string;
  /** Where the job writes, in the media bucket. */
  readonly transcriptionKey: string;
  /** ISO time of the last token. */
  readonly askedAt: string;
}

/**
 * What became of an attempt to answer: `answered` returned the token, `late` found that nobody waits with it any more,
 * `running` and `missing` found no answer yet (a job that was never started is missing), `unknown` found no open row.
 */
export type Settlement = {
  readonly outcome: 'answered' | 'late' | 'running' | 'missing' | 'unknown';
  readonly sermonId?: string;
  readonly executionArn?: string;
};

/** Rows outlive every possible redrive (14 days) with a margin, then DynamoDB removes them. */
const KEPT_SECONDS = 30 * 24 * 3600;
/** A job that does not exist this long after its token was kept was never started: starting takes seconds. */
const START_TAKES_AT_MOST_MILLISECONDS = 3_600_000;

/** The reasons that client-transcribe documents for files that Transcribe will never take. */
const REFUSALS = [
  'Unsupported media format',
  'The media format provided does not match the detected media format',
  'Invalid sample rate for audio file',
  'The sample rate provided does not match the detected sample rate',
  'Invalid file size',
  'Invalid number of channels',
];

const KEY_PREFIX = 'transcription#';
const keyOf = (jobName: string): string => `${KEY_PREFIX}${jobName}`;
/** Rows of one page of the listing. */
const PAGE = 100;

/** Keeps the token before the job is started, so that its answer always finds somebody; replaces an earlier token. */
export async function keepToken(
  { jobName, ...row }: Omit<WaitingTranscription, 'askedAt'>,
  { catalogue }: TranscriptionPorts,
): Promise<void> {
  const now = Date.now();
  const askedAt = new Date(now).toISOString();
  const expiresAt = Math.floor(now / 1000) + KEPT_SECONDS;
  await catalogue.documents.send(
    new PutCommand({
      TableName: catalogue.table,
      Item: { pk: keyOf(jobName), ...row, askedAt, expiresAt, listing: TRANSCRIPTION, listedAt: askedAt },
    }),
  );
}

/** Whether a run has been told already that this job failed. */
export const hasAnsweredFailed = async (jobName: string, { catalogue }: Pick<TranscriptionPorts, 'catalogue'>): Promise<boolean> =>
  (await readRow(catalogue, keyOf(jobName)))?.['answered'] === 'FAILED';

/** All transcriptions without an answer, oldest first. */
export async function listOpenTranscriptions({ catalogue }: Pick<TranscriptionPorts, 'catalogue'>): Promise<WaitingTranscription[]> {
  const open: WaitingTranscription[] = [];
  let from: Item | undefined;
  do {
    const page = await readListing(catalogue, TRANSCRIPTION, { limit: PAGE, from });
    open.push(...page.items.flatMap((item) => toWaiting(item) ?? []));
    from = page.next;
  } while (from !== undefined);
  return open;
}

/**
 * Asks Transcribe about a job, and returns the token to the run that waits for it. Answering twice is harmless: the
 * second answer is late.
 */
export async function settleTranscription(jobName: string, ports: TranscriptionPorts): Promise<Settlement> {
  const waiting = await findWaiting(jobName, ports);
  if (waiting === undefined) return { outcome: 'unknown' };
  const about = { sermonId: waiting.sermonId, executionArn: waiting.executionArn };
  const job = await findJob(jobName, ports.transcribe);
  if (job === undefined) {
    if (Date.now() - Date.parse(waiting.askedAt) < START_TAKES_AT_MOST_MILLISECONDS) return { outcome: 'missing', ...about };
    await markAnswered(waiting, 'never started', ports);
    return { outcome: 'late', ...about };
  }
  if (job.TranscriptionJobStatus !== 'COMPLETED' && job.TranscriptionJobStatus !== 'FAILED') return { outcome: 'running', ...about };

  const inTime = await returnToken(waiting, job, ports.stepFunctions);
  await markAnswered(waiting, inTime ? job.TranscriptionJobStatus : 'too late', ports);
  return { outcome: inTime ? 'answered' : 'late', ...about };
}

/** Transcribe's view of a job; undefined where there is none. */
export async function findJob(jobName: string, transcribe: TranscribeClient): Promise<TranscriptionJob | undefined> {
  try {
    return (await transcribe.send(new GetTranscriptionJobCommand({ TranscriptionJobName: jobName }))).TranscriptionJob;
  } catch (error) {
    // Transcribe says that a job is not there by either of these.
    const missing =
      error instanceof TranscribeServiceException &&
      (error.name === 'NotFoundException' || (error.name === 'BadRequestException' && /couldn't be found/.test(error.message)));
    if (missing) return undefined;
    throw error;
  }
}

/** Reads why a job failed: a file that Transcribe cannot take stays so, anything else may pass. */
export function failureOf({
  TranscriptionJobName = '',
  FailureReason = 'Transcribe gave no reason',
}: TranscriptionJob): TranscriptionRefusedError | TranscriptionFailedError {
  const reason = FailureReason.replace(/\.$/, '');
  return REFUSALS.some((refusal) => reason.startsWith(refusal))
    ? new TranscriptionRefusedError(TranscriptionJobName, reason)
    : new TranscriptionFailedError(TranscriptionJobName, reason);
}

async function findWaiting(jobName: string, { catalogue }: TranscriptionPorts): Promise<WaitingTranscription | undefined> {
  const row = await readRow(catalogue, keyOf(jobName));
  return row === undefined || row['answered'] !== undefined ? undefined : toWaiting(row);
}

/** False where nobody waits with this token any more. */
async function returnToken(
  { token, transcriptionKey }: WaitingTranscription,
  job: TranscriptionJob,
  stepFunctions: SFNClient,
): Promise<boolean> {
  try {
    if (job.TranscriptionJobStatus === 'COMPLETED')
      await stepFunctions.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ transcriptionKey }) }));
    else
      await stepFunctions.send(new SendTaskFailureCommand({ taskToken: token, error: failureOf(job).name, cause: failureOf(job).message }));
    return true;
  } catch (error) {
    // The run was stopped, timed out, or has this answer already.
    if (error instanceof Error && ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes(error.name)) return false;
    throw error;
  }
}

/** Closes the row, unless a redrive has brought a new token in the meantime. */
export async function markAnswered(
  { jobName, token }: Pick<WaitingTranscription, 'jobName' | 'token'>,
  answered: string,
  { catalogue }: TranscriptionPorts,
): Promise<void> {
  await updateRow(catalogue, keyOf(jobName), {
    update: 'SET answered = :answered REMOVE listing, listedAt',
    condition: '#token = :token',
    names: { '#token': 'token' },
    values: { ':answered': answered, ':token': token },
  });
}

function toWaiting(item: Item): WaitingTranscription | undefined {
  const { pk, token, sermonId, executionArn, transcriptionKey, askedAt } = item;
  const fields = [pk, token, sermonId, executionArn, transcriptionKey, askedAt];
  if (!fields.every((field) => typeof field === 'string')) return undefined;
  return {
    jobName: String(pk).slice(KEY_PREFIX.length),
    token: String(token),
    sermonId: String(sermonId),
    executionArn: String(executionArn),
    transcriptionKey: String(transcriptionKey),
    askedAt: String(askedAt),
  };
}
