import { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { cancelJob } from './cancel-job.ts';
import { createJob } from './create-job.ts';
import { getJob } from './get-job.ts';
import { JobRunner } from './job-runner.ts';
import { JobTable } from './job-table.ts';
import { listJobs } from './list-jobs.ts';
import { probe } from './probe.ts';
import { JobQueues } from './queues.ts';
import { mediaConvertCodec } from './routes.ts';

/** What the operations share. */
export interface MediaConvertParts {
  readonly cloud: Cloud;
  readonly jobs: JobTable;
  readonly queues: JobQueues;
  readonly runner: JobRunner;
}

/**
 * MediaConvert of the local cloud: ffmpeg carries out what the job's settings say.
 * @param limit under which all programs run, those of other parts too
 */
export function createMediaConvert(cloud: Cloud, limit = new ProcessLimit()): CloudPart {
  const jobs = new JobTable(cloud.store);
  const queues = new JobQueues(cloud);
  const runner = new JobRunner(cloud, jobs, queues, limit);
  const parts: MediaConvertParts = { cloud, jobs, queues, runner };
  return {
    resources: { 'AWS::MediaConvert::Queue': queues.provider },
    service: {
      signingName: 'mediaconvert',
      codec: mediaConvertCodec(),
      operations: {
        CancelJob: cancelJob(parts),
        CreateJob: createJob(parts),
        GetJob: getJob(parts),
        ListJobs: listJobs(parts),
        Probe: probe(parts),
      },
    },
    start: () => runner.start(),
    stop: () => runner.stop(),
  };
}
