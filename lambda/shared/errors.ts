/**
 * Errors that something is decided by: the workflow retries or catches them by name, the catalogue shows them by name.
 * A message says what was given, what is allowed and what to do. None of the refusals is ever retried: the same upload
 * would be refused again.
 */

/** As people say it: seconds up to two minutes, then minutes, then hours and minutes. */
function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 100) / 100} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Raised when the upload has no bytes. */
export class EmptyUploadError extends Error {
  override readonly name = 'EmptyUploadError';
  constructor(key: string) {
    super(`the upload ${key} is empty (0 bytes); upload the recording again`);
  }
}

/** Raised when the upload is larger than the services take. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  constructor(key: string, sizeBytes: number, mostBytes: number) {
    super(`the upload ${key} has ${sizeBytes} bytes, at most ${mostBytes} are allowed; export it as MP3 or AAC and upload that`);
  }
}

/** Raised when the file is no recording that can be decoded: text, random bytes, an MP4 without its index. */
export class UnreadableAudioError extends Error {
  override readonly name = 'UnreadableAudioError';
  constructor(key: string, finding: string, options?: ErrorOptions) {
    super(
      `the upload ${key} cannot be read as audio: ${finding}; check that it plays on a computer, export it again and upload that`,
      options,
    );
  }
}

/** Raised when the file can be read and holds no sound, such as a video without a microphone. */
export class NoAudioTrackError extends Error {
  override readonly name = 'NoAudioTrackError';
  constructor(key: string) {
    super(`the upload ${key} has no audio track; upload a recording that has sound`);
  }
}

/** Raised when the recording is shorter than the services take. */
export class TooShortError extends Error {
  override readonly name = 'TooShortError';
  constructor(key: string, durationSeconds: number, shortestSeconds: number) {
    super(
      `the upload ${key} lasts ${describeSeconds(durationSeconds)}, at least ${shortestSeconds} s are needed; check that the whole recording was uploaded`,
    );
  }
}

/** Raised when the recording is longer than the services take. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
  constructor(key: string, durationSeconds: number, longestSeconds: number) {
    super(
      `the upload ${key} lasts ${describeSeconds(durationSeconds)}, at most ${describeSeconds(longestSeconds)} are allowed; cut it into parts and upload each`,
    );
  }
}

/** Raised when the file is copy-protected, so that its sound cannot be decoded. */
export class ProtectedAudioError extends Error {
  override readonly name = 'ProtectedAudioError';
  constructor(key: string, sampleEntry: string) {
    super(`the upload ${key} is copy-protected (sample entry ${sampleEntry}); upload a recording without protection`);
  }
}

/** Raised when the format is known and not taken: AIFF, CAF, raw AAC, AC-3, ALAC. */
export class UnsupportedFormatError extends Error {
  override readonly name = 'UnsupportedFormatError';
  constructor(key: string, format: string) {
    super(`the upload ${key} is ${format}, which is not supported; upload MP3, WAV, FLAC, M4A or MP4 (AAC), Ogg, WebM, WMA or MOV`);
  }
}

/** Raised after transcoding, when less sound came out than the file's header promised. */
export class TruncatedUploadError extends Error {
  override readonly name = 'TruncatedUploadError';
  constructor(key: string, promisedSeconds: number, decodedSeconds: number) {
    super(
      `the upload ${key} says it lasts ${describeSeconds(promisedSeconds)} but only ${describeSeconds(decodedSeconds)} can be decoded; the upload was cut off, upload the whole file again`,
    );
  }
}

/** Raised when the recogniser hears nobody: a decided outcome, which the workflow catches by name to publish without a transcript. */
export class NoSpeechFoundError extends Error {
  override readonly name = 'NoSpeechFoundError';
  constructor(sermonId: string, durationSeconds: number) {
    super(`sermon ${sermonId}: no speech in ${describeSeconds(durationSeconds)} of audio; check that the upload is a spoken recording`);
  }
}

/** Raised when a transcription job that was accepted ended as failed. The workflow tries once more under another job name. */
export class TranscriptionFailedError extends Error {
  override readonly name = 'TranscriptionFailedError';
  constructor(jobName: string, reason: string) {
    super(`transcription job ${jobName} failed: ${reason}; redrive the run, or check that the recording plays`);
  }
}

/** Raised when Transcribe does not take the job at all. The same job would be refused again. */
export class TranscriptionRefusedError extends Error {
  override readonly name = 'TranscriptionRefusedError';
  constructor(jobName: string, reason: string, options?: ErrorOptions) {
    super(`transcription job ${jobName} was refused: ${reason}; correct the settings of the job and redrive the run`, options);
  }
}

/** Names of the refusals: what the upload's editor must mend, and nobody else can. */
export const REFUSALS: ReadonlySet<string> = new Set([
  'EmptyUploadError',
  'TooLargeError',
  'UnreadableAudioError',
  'NoAudioTrackError',
  'TooShortError',
  'TooLongError',
  'ProtectedAudioError',
  'UnsupportedFormatError',
  'TruncatedUploadError',
]);

/** Whether a failure is one of those that are foreseen here, and so no fault of the code. */
export const isForeseen = ({ name }: Error): boolean =>
  REFUSALS.has(name) || ['NoSpeechFoundError', 'TranscriptionFailedError', 'TranscriptionRefusedError', 'ServiceBusyError'].includes(name);

/** Raised when a service could not answer now: throttling, a 5xx or a time-out. The workflow tries again. */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
  constructor(finding: string, options?: ErrorOptions) {
    super(`a service could not answer now: ${finding}; try again later`, options);
  }
}
