import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { parseS3Url } from '../s3-files.ts';
import { toTranscriptionJob, type TranscriptionRecord } from './job-record.ts';
import { UNREADABLE_URI } from './run-transcription.ts';
import { parseStart } from './start-request.ts';
import type { TranscribeParts } from './transcribe.ts';

/** StartTranscriptionJob. */
export function startTranscriptionJob({ cloud, jobs, runner, recogniser }: TranscribeParts): Operation {
  const refuseKnown = (name: string): void => {
    if (jobs.get(name) !== undefined)
      throw new AwsError('ConflictException', 'The requested job name already exists. Use a different job name.', 409);
  };
  return {
    permissions(input) {
      const roleArn: unknown = input['JobExecutionSettings']?.['DataAccessRoleArn'];
      return [
        { action: 'transcribe:StartTranscriptionJob', resource: '*' },
        ...(input['Tags'] === undefined ? [] : [{ action: 'transcribe:TagResource', resource: '*' }]),
        ...(typeof roleArn === 'string'
          ? [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': 'transcribe.amazonaws.com' } }]
          : []),
      ];
    },
    async run(input, caller) {
      const wanted = parseStart(input, caller, recogniser);
      refuseKnown(wanted.name);
      const address = parseS3Url(wanted.mediaUrl);
      const reader = { kind: wanted.accessKind, arn: wanted.accessArn };
      await cloud.call(reader, 's3', 'HeadObject', { Bucket: address?.bucket, Key: address?.key }).catch((error: unknown) => {
        throw error instanceof AwsError && error.status < 500 ? new AwsError('BadRequestException', UNREADABLE_URI) : error;
      });
      // A job that may not wait counts as started, although it too waits for a free processor.
      const job: TranscriptionRecord = { ...wanted, status: wanted.deferrable ? 'QUEUED' : 'IN_PROGRESS', createdAt: Date.now() };
      cloud.store.write(() => {
        refuseKnown(job.name);
        jobs.insert(job);
      });
      cloud.store.afterCommit(() => runner.wake());
      return { TranscriptionJob: toTranscriptionJob(job, cloud.region) };
    },
  };
}
