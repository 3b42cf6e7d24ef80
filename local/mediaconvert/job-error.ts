import { UnreadableMediaError } from '../../media/probe-media.ts';
import { ProgramFailedError } from '../../media/run-program.ts';
import { NothingDecodedError } from '../../media/transcode.ts';
import { AwsError } from '../gateway/aws-error.ts';

/** Why a job ended in ERROR, with MediaConvert's number for it. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A failed read of the input: 1401 without permission, 1404 where there is nothing. */
export function inputError(url: string, error: unknown): JobError {
  if (error instanceof UnreadableMediaError)
    return new JobError(1010, `Unable to open input file [${url}]: [Failed probe/open: [${error.message}]]`, error);
  const status = error instanceof AwsError ? error.status : 500;
  if (status === 403)
    return new JobError(1401, `Unable to open input file [${url}]: [Failed probe/open: [Failed to read data: Access Denied]]`, error);
  if (status === 404)
    return new JobError(1404, `Unable to open input file [${url}]: [Failed probe/open: [Failed to read data: HeadObject failed]]`, error);
  return asJobError(error);
}

/** A failed write of an output. */
export function outputError(url: string, error: unknown): JobError {
  if (!(error instanceof AwsError) || error.status >= 500) return asJobError(error);
  const reason = error.status === 403 ? 'Access Denied' : error.message;
  return new JobError(
    error.status === 404 ? 1404 : 1401,
    `Unable to write to output file [${url}]: [Failed to write data: ${reason}]`,
    error,
  );
}

/** A failed transcoding. */
export function transcodeError(error: unknown): JobError {
  if (error instanceof NothingDecodedError) return new JobError(1076, `Unable to read the input: ${error.message}`, error);
  if (error instanceof ProgramFailedError) return new JobError(1092, `The audio decoder failed: ${error.message}`, error);
  return asJobError(error);
}

/** Any failure as a job's error: 1999 is MediaConvert's number for what is its own fault. */
export function asJobError(error: unknown): JobError {
  return error instanceof JobError
    ? error
    : new JobError(1999, `The job failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`, error);
}
