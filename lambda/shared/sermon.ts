import type { EmbeddingUsage } from './search/passages.ts';

/**
 * The record that travels through publish-sermon. Every state takes it and adds to it; nothing in it is larger than a
 * key, because a state's data may not exceed 256 KiB.
 */
export interface Sermon {
  /** Derived from the object key; see identity.ts. */
  readonly sermonId: string;
  /** The S3 event's sequencer, padded with zeros on the right: sorts by time within one key. */
  readonly version: string;
  /** Which fresh run of this version: 0, then 1 for the first re-run. */
  readonly revision: number;
  readonly source: UploadedSource;
}

/** The upload as the S3 event named it. `key` is verbatim: EventBridge does not URL-encode it. */
export interface UploadedSource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** When the upload ended, ISO 8601. Runs that an upload did not start itself may lack it. */
  readonly uploadedAt?: string;
}

/** After Claim the sermon: `sourceKey` is where Pin the source copies the upload, in the media bucket. */
export interface ClaimedSermon extends Sermon {
  readonly sourceKey: string;
}

/** After Probe audio. */
export interface ProbedSermon extends ClaimedSermon {
  readonly audio: ProbedAudio;
  readonly tags: Tags;
  readonly limits: TaskLimits;
}

export interface ProbedAudio {
  readonly durationSeconds: number;
  /** 1 to 8. */
  readonly channels: number;
  readonly sampleRate: number;
  /** Codec and container as MediaConvert's Probe names them. */
  readonly codec: string;
  readonly container: string;
  /** Gain of each input channel in a mono mix-down, in dB, one entry a channel: equal shares that sum to unity. */
  readonly monoGainsDb: readonly number[];
  /** Transcribe's MediaFormat, or null where it cannot read the source and a speech copy is needed. */
  readonly transcribeFormat: 'amr' | 'flac' | 'm4a' | 'mp3' | 'mp4' | 'ogg' | 'webm' | 'wav' | null;
}

/** What the file says of itself; each at most 200 characters. */
export interface Tags {
  /** The tag, or the file's name made readable. */
  readonly title: string;
  readonly preacher?: string;
  /** As tagged: a year or an ISO date. */
  readonly date?: string;
}

/** TimeoutSeconds of the long tasks: the queue allowance plus a run time derived from the duration. Whole seconds. */
export interface TaskLimits {
  readonly transcodeSeconds: number;
  readonly speechCopySeconds: number;
  readonly transcriptionSeconds: number;
  readonly embeddingSeconds: number;
}

/** After Start transcription: where Transcribe wrote its answer, in the media bucket. */
export interface Transcribed {
  readonly transcriptionKey: string;
}

/** After Build transcript, or after No speech. */
export interface Transcripted {
  readonly transcript:
    | { readonly hasSpeech: true; readonly passagesKey: string; readonly wordCount: number; readonly language: string }
    | { readonly hasSpeech: false };
}

/** After Embed passages: where the vectors lie, in the media bucket. */
export interface Embedded {
  readonly embeddingsKey: string;
}

/** After Index passages: what the embeddings took, for the estimate of the run's cost. */
export interface Indexed {
  readonly embedding?: EmbeddingUsage;
}

/** After Package stream. */
export interface Packaged {
  readonly stream: {
    readonly playlistKey: string;
    readonly audioKey: string;
    readonly waveformKey: string;
    readonly durationSeconds: number;
  };
}

/** What Package stream and Publish sermon take: both branches joined. */
export type PreparedSermon = ProbedSermon & Transcripted & Partial<Transcribed & Embedded> & Indexed;
