import { type MediaFormat, StartTranscriptionJobCommand, type LanguageCode, TranscribeServiceException } from '@aws-sdk/client-transcribe';
import { COST_TAG } from '../shared/cost-tag.ts';
import { TranscriptionFailedError, TranscriptionRefusedError } from '../shared/errors.ts';
import type { Sermon } from '../shared/sermon.ts';
import { workKeys } from '../shared/storage-keys.ts';
import {
  failureOf,
  findJob,
  hasAnsweredFailed,
  keepToken,
  markAnswered,
  settleTranscription,
  type TranscriptionPorts,
} from '../shared/transcriptions.ts';
import { jobNameFor } from './job-names.ts';

/** What the workflow asks. */
export interface TranscriptionRequest {
  readonly sermon: Sermon;
  /** What to listen to, in the media bucket. */
  readonly speech: { readonly key: string; readonly format: MediaFormat };
  readonly token: string;
  readonly execution: { readonly arn: string; readonly name: string };
}

/** The stage's settings for jobs. */
export interface TranscriptionSettings {
  readonly mediaBucket: string;
  /** The role with which Transcribe reads and writes; deferred jobs cannot use the caller's. */
  readonly transcribeRoleArn: string;
  readonly languageCode: LanguageCode;
  /** On whose bill a job stands: the value of the cost allocation tag. */
  readonly deployment: string;
}

/** What was done: a job started, a running one joined, or a finished one answered at once. */
export interface TranscriptionStart {
  readonly jobName: string;
  readonly outcome: 'started' | 'joined' | 'answered';
}

/** Retries and redrives together; more failures of one recording are no accident. */
const MOST_ATTEMPTS = 20;

/**
 * Makes sure that exactly one job works for this run and that its answer will find the token.
 * @throws TranscriptionRefusedError where Transcribe will never take the recording
 * @throws TranscriptionFailedError where every attempt failed
 */
export async function startTranscription(
  request: TranscriptionRequest,
  settings: TranscriptionSettings,
  ports: TranscriptionPorts,
): Promise<TranscriptionStart> {
  const { sermon, token, execution } = request;
  const transcriptionKey = workKeys(sermon).transcription;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const jobName = jobNameFor(execution.name, attempt);
    // A late event about a failed job must not end the next one's wait, so a job that is known to have failed never gets the token.
    const isKnownToHaveFailed = await hasAnsweredFailed(jobName, ports);
    if (!isKnownToHaveFailed) {
      await keepToken({ jobName, token, sermonId: sermon.sermonId, executionArn: execution.arn, transcriptionKey }, ports);
      if (await startJob(jobName, transcriptionKey, request, settings, ports)) return { jobName, outcome: 'started' };
    }
    const job = await findJob(jobName, ports.transcribe);
    if (isKnownToHaveFailed || job?.TranscriptionJobStatus === 'FAILED') {
      await markAnswered({ jobName, token }, 'FAILED', ports);
      const failure = job && failureOf(job);
      if (failure instanceof TranscriptionRefusedError) throw failure;
      continue;
    }
    const { outcome } = await settleTranscription(jobName, ports);
    return { jobName, outcome: outcome === 'answered' ? 'answered' : 'joined' };
  }
  throw new TranscriptionFailedError(jobNameFor(execution.name, 0), `so did ${MOST_ATTEMPTS - 1} more jobs of this run`);
}

/** False where a job of this name exists already. */
async function startJob(
  jobName: string,
  outputKey: string,
  { speech }: TranscriptionRequest,
  settings: TranscriptionSettings,
  { transcribe }: TranscriptionPorts,
): Promise<boolean> {
  const { mediaBucket, transcribeRoleArn, languageCode, deployment } = settings;
  try {
    await transcribe.send(
      new StartTranscriptionJobCommand({
        TranscriptionJobName: jobName,
        LanguageCode: languageCode,
        MediaFormat: speech.format,
        Media: { MediaFileUri: `s3://${mediaBucket}/${speech.key}` },
        OutputBucketName: mediaBucket,
        OutputKey: outputKey,
        Tags: [{ Key: COST_TAG, Value: deployment }],
        // Above the account's limit of jobs, jobs queue instead of being refused.
        JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: transcribeRoleArn },
      }),
    );
    return true;
  } catch (error) {
    const name = error instanceof TranscribeServiceException ? error.name : undefined;
    if (name === 'ConflictException') return false;
    if (name === 'BadRequestException')
      throw new TranscriptionRefusedError(jobName, error instanceof Error ? error.message : '', { cause: error });
    throw error;
  }
}
