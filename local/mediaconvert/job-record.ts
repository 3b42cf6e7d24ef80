import { randomBytes } from 'node:crypto';
import type { Members } from '../gateway/service.ts';
import type { JobRequest } from './job-request.ts';

export type JobStatus = 'SUBMITTED' | 'PROGRESSING' | 'COMPLETE' | 'CANCELED' | 'ERROR';

/** A job as it is kept. Times are epoch milliseconds. */
export interface JobRecord {
  readonly id: string;
  readonly arn: string;
  readonly status: JobStatus;
  readonly queueArn: string;
  readonly request: JobRequest;
  readonly submittedAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** How often it was taken up again after the local cloud had stopped in the middle. */
  readonly retries: number;
  readonly error?: { readonly code: number; readonly message: string };
  /** Duration of each output in milliseconds, by output group. */
  readonly outputDurationsMs?: readonly (readonly number[])[];
}

/** An id as MediaConvert makes them: milliseconds and six characters. */
export function newJobId(now: number): string {
  return `${now}-${randomBytes(4).readUInt32BE().toString(36).padStart(6, '0').slice(-6)}`;
}

/** Whether a job can still change. */
export function isOpen({ status }: JobRecord): boolean {
  return status === 'SUBMITTED' || status === 'PROGRESSING';
}

/** A job in the SDK's shape. Jobs with audio only have no percentage, as on AWS. */
export function toJob(record: JobRecord): Members {
  const { request, error, outputDurationsMs } = record;
  return {
    Id: record.id,
    Arn: record.arn,
    Status: record.status,
    Queue: record.queueArn,
    Role: request.Role,
    Settings: request.Settings,
    UserMetadata: request.UserMetadata ?? {},
    Priority: request.Priority,
    ...(request.ClientRequestToken === undefined ? {} : { ClientRequestToken: request.ClientRequestToken }),
    BillingTagsSource: request.BillingTagsSource,
    StatusUpdateInterval: request.StatusUpdateInterval,
    AccelerationSettings: request.AccelerationSettings,
    AccelerationStatus: 'NOT_APPLICABLE',
    CreatedAt: new Date(record.submittedAt),
    Timing: {
      SubmitTime: new Date(record.submittedAt),
      ...(record.startedAt === undefined ? {} : { StartTime: new Date(record.startedAt) }),
      ...(record.finishedAt === undefined ? {} : { FinishTime: new Date(record.finishedAt) }),
    },
    RetryCount: record.retries,
    Messages: { Info: [], Warning: [] },
    ...(record.status === 'PROGRESSING' ? { CurrentPhase: 'TRANSCODING' } : {}),
    ...(error === undefined ? {} : { ErrorCode: error.code, ErrorMessage: error.message }),
    ...(outputDurationsMs === undefined
      ? {}
      : { OutputGroupDetails: outputDurationsMs.map((group) => ({ OutputDetails: group.map((DurationInMs) => ({ DurationInMs })) })) }),
  };
}
