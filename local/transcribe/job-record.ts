import type { Members } from '../gateway/service.ts';

export type TranscriptionStatus = 'QUEUED' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** A job as it is kept. Times are epoch milliseconds. */
export interface TranscriptionRecord {
  readonly name: string;
  readonly status: TranscriptionStatus;
  readonly languageCode: string;
  readonly mediaUrl: string;
  readonly format?: string;
  readonly sampleRate?: number;
  readonly output: { readonly bucket: string; readonly key: string };
  /** Who reads the media and writes the transcript: the data access role, or who started the job. */
  readonly accessArn: string;
  readonly accessKind: 'operator' | 'role';
  readonly deferrable: boolean;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly failureReason?: string;
  readonly tags?: readonly TranscriptionTag[];
}

/** Kept and shown; nothing here is billed by them. */
export interface TranscriptionTag {
  readonly Key: string;
  readonly Value: string;
}

/** A job in the SDK's shape. */
export function toTranscriptionJob(record: TranscriptionRecord, region: string): Members {
  const { output, deferrable } = record;
  const { OutputLocationType: _, ...members } = toSummary(record);
  return {
    ...members,
    ...(record.sampleRate === undefined ? {} : { MediaSampleRateHertz: record.sampleRate }),
    ...(record.format === undefined ? {} : { MediaFormat: record.format }),
    Media: { MediaFileUri: record.mediaUrl },
    Transcript:
      record.status === 'COMPLETED' ? { TranscriptFileUri: `https://s3.${region}.amazonaws.com/${output.bucket}/${output.key}` } : {},
    ...(record.tags === undefined ? {} : { Tags: record.tags }),
    Settings: { ChannelIdentification: false, ShowAlternatives: false },
    ...(deferrable ? { JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: record.accessArn } } : {}),
  };
}

/** A job as listings show it. */
export function toSummary(record: TranscriptionRecord): Members {
  return {
    TranscriptionJobName: record.name,
    TranscriptionJobStatus: record.status,
    LanguageCode: record.languageCode,
    CreationTime: new Date(record.createdAt),
    ...(record.startedAt === undefined ? {} : { StartTime: new Date(record.startedAt) }),
    ...(record.completedAt === undefined ? {} : { CompletionTime: new Date(record.completedAt) }),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
    OutputLocationType: 'CUSTOMER_BUCKET',
  };
}
