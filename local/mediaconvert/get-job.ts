import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation } from '../gateway/service.ts';
import { toJob, type JobRecord } from './job-record.ts';
import type { MediaConvertParts } from './mediaconvert.ts';

/** GetJob. */
export function getJob(parts: MediaConvertParts): Operation {
  return {
    permissions: (input) => [{ action: 'mediaconvert:GetJob', resource: jobArn(parts, input) }],
    run: (input) => ({ Job: toJob(findJob(parts, input)) }),
  };
}

/** ARN of the job that a request names. */
export function jobArn({ cloud }: MediaConvertParts, input: Members): string {
  return `arn:aws:mediaconvert:${cloud.region}:${cloud.accountId}:jobs/${String(input['Id'])}`;
}

/** The job that a request names. @throws AwsError NotFoundException */
export function findJob({ jobs }: MediaConvertParts, input: Members): JobRecord {
  const job = jobs.get(String(input['Id']));
  if (job === undefined) throw new AwsError('NotFoundException', `Unable to find job ${String(input['Id'])}`, 404);
  return job;
}
