import { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import { getTranscriptionJob } from './get-transcription-job.ts';
import { TranscriptionTable } from './job-table.ts';
import { listTranscriptionJobs } from './list-transcription-jobs.ts';
import { PocketSphinx } from './pocketsphinx.ts';
import type { Recogniser } from './recogniser.ts';
import { startTranscriptionJob } from './start-transcription-job.ts';
import { TranscriptionRunner } from './transcription-runner.ts';

/** What the operations share. */
export interface TranscribeParts {
  readonly cloud: Cloud;
  readonly jobs: TranscriptionTable;
  readonly runner: TranscriptionRunner;
  readonly recogniser: Recogniser;
}

/**
 * Transcribe of the local cloud: a recogniser on this machine behind the service's API.
 * @param limit under which all programs run, those of other parts too
 * @param recogniser @default pocketsphinx on all processors
 */
export function createTranscribe(cloud: Cloud, limit = new ProcessLimit(), recogniser: Recogniser = new PocketSphinx(limit)): CloudPart {
  const jobs = new TranscriptionTable(cloud.store);
  const runner = new TranscriptionRunner(cloud, jobs, recogniser, limit);
  const parts: TranscribeParts = { cloud, jobs, runner, recogniser };
  return {
    service: {
      signingName: 'transcribe',
      codec: awsJson({ targetPrefix: 'Transcribe', version: '1.1' }),
      operations: {
        GetTranscriptionJob: getTranscriptionJob(parts),
        ListTranscriptionJobs: listTranscriptionJobs(parts),
        StartTranscriptionJob: startTranscriptionJob(parts),
      },
    },
    start: () => runner.start(),
    stop: () => runner.stop(),
  };
}
