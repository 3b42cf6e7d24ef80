import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { newJobId, toJob, type JobRecord } from './job-record.ts';
import { parseJobRequest } from './job-request.ts';
import type { MediaConvertParts } from './mediaconvert.ts';

// The same token within a minute gives the same job.
const TOKEN_LIFE_MS = 60_000;

/** CreateJob. */
export function createJob({ cloud, jobs, queues, runner }: MediaConvertParts): Operation {
  return {
    permissions: (input) => [
      { action: 'mediaconvert:CreateJob', resource: queues.find(input['Queue'])?.arn ?? String(input['Queue']) },
      { action: 'iam:PassRole', resource: String(input['Role']), context: { 'iam:PassedToService': 'mediaconvert.amazonaws.com' } },
    ],
    run(input) {
      const request = parseJobRequest(input);
      const queue = queues.find(request.Queue);
      if (queue === undefined) throw new AwsError('BadRequestException', `The specified queue ${request.Queue} does not exist`);
      const now = Date.now();
      const { ClientRequestToken: token } = request;
      const known = token === undefined ? undefined : jobs.byToken(token, now - TOKEN_LIFE_MS);
      if (known !== undefined) return { Job: toJob(known) };
      const id = newJobId(now);
      const arn = `arn:aws:mediaconvert:${cloud.region}:${cloud.accountId}:jobs/${id}`;
      const job: JobRecord = { id, arn, status: 'SUBMITTED', queueArn: queue.arn, request, submittedAt: now, retries: 0 };
      cloud.store.write(() => jobs.insert(job));
      cloud.store.afterCommit(() => runner.wake());
      return { Job: toJob(job) };
    },
  };
}
