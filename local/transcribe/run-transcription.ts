import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openInput } from '../../media/open-input.ts';
import { probeMedia, UnreadableMediaError, type MediaDescription } from '../../media/probe-media.ts';
import type { ProcessLimit } from '../../media/process-limit.ts';
import { runProgram } from '../../media/run-program.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Principal } from '../gateway/service.ts';
import { downloadObject, parseS3Url, uploadFile } from '../s3-files.ts';
import type { TranscriptionRecord } from './job-record.ts';
import { detectedFormat, refusalOf } from './media-check.ts';
import { SAMPLE_RATE, type Recogniser } from './recogniser.ts';
import { transcriptJson } from './transcript-json.ts';

/** What a job works with. */
export interface TranscriptionContext {
  readonly cloud: Cloud;
  readonly recogniser: Recogniser;
  readonly limit: ProcessLimit;
  /** An own folder, removed afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Raised when a job ends as FAILED; the message is its FailureReason. */
export class TranscriptionFailure extends Error {
  override readonly name = 'TranscriptionFailure';
}

/** What Transcribe says of media that it may not read. */
export const UNREADABLE_URI =
  "The S3 URI that you provided can't be accessed. Make sure that you have read permission and try your request again.";

/**
 * Reads the media, recognises it, and writes the transcript to where the job says.
 * @returns what was found out about the media
 * @throws TranscriptionFailure, or the reason of `signal`
 */
export async function runTranscription(
  job: TranscriptionRecord,
  context: TranscriptionContext,
): Promise<Pick<TranscriptionRecord, 'format' | 'sampleRate'>> {
  const { cloud, recogniser, limit, scratch, signal } = context;
  const principal: Principal = { kind: job.accessKind, arn: job.accessArn };
  await mkdir(scratch, { recursive: true });
  const source = join(scratch, 'source');
  await readMedia(cloud, principal, job.mediaUrl, source, signal);
  const media = await describe(source, signal);
  const refusal = refusalOf(media, (await stat(source)).size, { format: job.format, sampleRate: job.sampleRate });
  if (refusal !== undefined || media === undefined) throw new TranscriptionFailure(refusal);

  const samplesFile = join(scratch, 'samples.raw');
  const decode = [
    '-nostdin',
    '-v',
    'error',
    '-y',
    ...openInput(source),
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-ar',
    `${SAMPLE_RATE}`,
    '-f',
    's16le',
  ];
  await limit.run(() => runProgram('ffmpeg', [...decode, `file:${samplesFile}`], { signal }));
  const words = await recogniser.recognise({ samplesFile, scratch: join(scratch, 'pieces'), signal });

  const transcript = join(scratch, 'transcript.json');
  await writeFile(transcript, transcriptJson({ jobName: job.name, accountId: cloud.accountId }, words));
  await uploadFile(cloud, principal, job.output, transcript, 'application/json').catch((error: unknown) => {
    throw new TranscriptionFailure(
      `The specified output location s3://${job.output.bucket}/${job.output.key} can't be written: ${String(error)}`,
    );
  });
  const format = job.format ?? detectedFormat(media);
  const sampleRate = job.sampleRate ?? media.tracks.find(({ kind }) => kind === 'audio')?.sampleRate;
  return { ...(format === undefined ? {} : { format }), ...(sampleRate === undefined ? {} : { sampleRate }) };
}

async function readMedia(cloud: Cloud, principal: Principal, url: string, file: string, signal: AbortSignal): Promise<void> {
  const address = parseS3Url(url);
  if (address === undefined) throw new TranscriptionFailure(UNREADABLE_URI);
  await downloadObject(cloud, principal, address, file, signal).catch((error: unknown) => {
    throw error instanceof AwsError ? new TranscriptionFailure(UNREADABLE_URI, { cause: error }) : error;
  });
}

async function describe(file: string, signal: AbortSignal): Promise<MediaDescription | undefined> {
  try {
    return await probeMedia(file, signal);
  } catch (error) {
    if (error instanceof UnreadableMediaError) return undefined;
    throw error;
  }
}
