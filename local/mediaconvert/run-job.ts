import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { probeMedia, type MediaDescription } from '../../media/probe-media.ts';
import type { ProcessLimit } from '../../media/process-limit.ts';
import { transcode, type TranscodedFile, type TranscodedGroup } from '../../media/transcode.ts';
import { planTranscode, type TranscodePlan } from '../../media/transcode-plan.ts';
import type { Cloud } from '../cloud.ts';
import type { Principal } from '../gateway/service.ts';
import { downloadObject, parseS3Url, uploadFile } from '../s3-files.ts';
import { inputError, JobError, outputError, transcodeError } from './job-error.ts';
import type { JobRecord } from './job-record.ts';
import { probedCodec, probedContainer } from './probed-names.ts';

/** What a job works with. */
export interface JobContext {
  readonly cloud: Cloud;
  /** An own folder, removed afterwards. */
  readonly scratch: string;
  readonly limit: ProcessLimit;
  readonly signal: AbortSignal;
  /** Called once the input is known. */
  readonly onInput: (url: string, description: MediaDescription) => void;
}

// Segments are small and many: this keeps the disk busy without holding thousands of files open.
const UPLOADS_AT_ONCE = 8;

/**
 * Reads the input as the job's role, makes the outputs, and writes them as the same role.
 * @throws JobError with MediaConvert's error code, or the reason of `signal`
 */
export async function runJob(job: JobRecord, context: JobContext): Promise<readonly TranscodedGroup[]> {
  const { cloud, scratch, limit, signal, onInput } = context;
  const role: Principal = { kind: 'role', arn: job.request.Role };
  const plan = planTranscode(job.request.Settings);
  await mkdir(scratch, { recursive: true });
  // Without an extension: only the content may say what it is.
  const file = join(scratch, 'input');
  const description = await readInput(plan, role, file, context);
  onInput(plan.inputUrl, description);
  checkInput(plan, description);
  const work = { file, description, folder: join(scratch, 'outputs'), limit, signal };
  const groups = await transcode(plan, work).catch((error: unknown) => {
    signal.throwIfAborted();
    throw transcodeError(error);
  });
  for (const { files } of groups) await uploadAll(cloud, role, files, signal);
  return groups;
}

async function readInput(plan: TranscodePlan, role: Principal, file: string, { cloud, signal }: JobContext): Promise<MediaDescription> {
  const address = parseS3Url(plan.inputUrl);
  try {
    if (address === undefined) throw new Error(`${plan.inputUrl} is no S3 address`);
    await downloadObject(cloud, role, address, file, signal);
    return await probeMedia(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw inputError(plan.inputUrl, error);
  }
}

function checkInput({ track, inputUrl }: TranscodePlan, { container, tracks }: MediaDescription): void {
  const audio = tracks.filter(({ kind }) => kind === 'audio')[track - 1];
  if (audio === undefined) throw new JobError(1021, `The input has no audio track ${track} for the audio selector: [${inputUrl}]`);
  if (probedContainer(container) === undefined || probedCodec(audio.codec) === 'UNKNOWN') {
    throw new JobError(1030, `The input's container ${container} with the codec ${audio.codec} is not supported: [${inputUrl}]`);
  }
}

const isPlaylist = ({ url }: TranscodedFile): boolean => url.endsWith('.m3u8');

/** Writes files to where they belong; a playlist only after everything that stands before it. */
async function uploadAll(cloud: Cloud, role: Principal, files: readonly TranscodedFile[], signal: AbortSignal): Promise<void> {
  const media = files.filter((file) => !isPlaylist(file));
  for (let start = 0; start < media.length; start += UPLOADS_AT_ONCE) {
    signal.throwIfAborted();
    const uploads = media.slice(start, start + UPLOADS_AT_ONCE).map((file) => upload(cloud, role, file));
    // All are waited for even when one fails: after the job has ended, nothing of it is written any more.
    await Promise.allSettled(uploads);
    await Promise.all(uploads);
  }
  signal.throwIfAborted();
  for (const playlist of files.filter(isPlaylist)) await upload(cloud, role, playlist);
}

async function upload(cloud: Cloud, role: Principal, { file, url, contentType }: TranscodedFile): Promise<void> {
  const address = parseS3Url(url);
  if (address === undefined) throw new JobError(1040, `The destination ${url} is no S3 address`);
  await uploadFile(cloud, role, address, file, contentType).catch((error: unknown) => {
    throw outputError(url, error);
  });
}
