import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation } from '../gateway/service.ts';
import { toTranscriptionJob, type TranscriptionRecord } from './job-record.ts';
import type { TranscribeParts } from './transcribe.ts';

/** GetTranscriptionJob. */
export function getTranscriptionJob(parts: TranscribeParts): Operation {
  return {
    permissions: (input) => [{ action: 'transcribe:GetTranscriptionJob', resource: jobArn(parts, input) }],
    run: (input) => ({ TranscriptionJob: toTranscriptionJob(findJob(parts, input), parts.cloud.region) }),
  };
}

/** ARN of the job that a request names. */
export function jobArn({ cloud }: TranscribeParts, input: Members): string {
  return `arn:aws:transcribe:${cloud.region}:${cloud.accountId}:transcription-job/${String(input['TranscriptionJobName'])}`;
}

/** The job that a request names. @throws AwsError BadRequestException, as Transcribe answers for a missing job */
export function findJob({ jobs }: TranscribeParts, input: Members): TranscriptionRecord {
  const job = jobs.get(String(input['TranscriptionJobName']));
  if (job === undefined) {
    throw new AwsError('BadRequestException', "The requested job couldn't be found. Check the job name and try your request again.");
  }
  return job;
}
