import type { Operation } from '../gateway/service.ts';
import { findJob, jobArn } from './get-transcription-job.ts';
import type { TranscribeParts } from './transcribe.ts';

/** DeleteTranscriptionJob: the job goes, its transcript stays. */
export function deleteTranscriptionJob(parts: TranscribeParts): Operation {
  const { cloud, jobs, runner } = parts;
  return {
    permissions: (input) => [{ action: 'transcribe:DeleteTranscriptionJob', resource: jobArn(parts, input) }],
    run(input) {
      const { name } = findJob(parts, input);
      cloud.store.write(() => jobs.remove(name));
      cloud.store.afterCommit(() => runner.drop(name));
      return {};
    },
  };
}
