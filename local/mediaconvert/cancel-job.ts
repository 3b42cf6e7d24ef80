import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { findJob, jobArn } from './get-job.ts';
import { publishJobEvent } from './job-events.ts';
import { isOpen, type JobRecord } from './job-record.ts';
import type { MediaConvertParts } from './mediaconvert.ts';

/** CancelJob. */
export function cancelJob(parts: MediaConvertParts): Operation {
  const { cloud, jobs, runner } = parts;
  return {
    permissions: (input) => [{ action: 'mediaconvert:CancelJob', resource: jobArn(parts, input) }],
    run(input) {
      const job = findJob(parts, input);
      if (!isOpen(job)) throw new AwsError('ConflictException', `Job ${job.id} is ${job.status} and can no longer be cancelled`, 409);
      const cancelled: JobRecord = { ...job, status: 'CANCELED', finishedAt: Date.now() };
      cloud.store.write(() => {
        jobs.update(cancelled);
        publishJobEvent(cloud, cancelled, 'CANCELED');
      });
      cloud.store.afterCommit(() => runner.cancel(job.id));
      return {};
    },
  };
}
