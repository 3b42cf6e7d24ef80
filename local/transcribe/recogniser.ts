/** One recognised word. Times are seconds from the start of the recording. */
export interface RecognisedWord {
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** 0 to 1: how likely the word is right. */
  readonly confidence: number;
}

/** What a recogniser is given. */
export interface RecognitionRequest {
  /** 16 kHz, mono, 16-bit little-endian samples without a header. */
  readonly samplesFile: string;
  /** An own folder, removed afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Turns speech into words. Plug in another one to get better transcripts. */
export interface Recogniser {
  /** Name for messages. */
  readonly id: string;
  /** Whether it knows a language, such as `en-US`. */
  knows(languageCode: string): boolean;
  /** The words in order; none where nobody speaks. */
  recognise(request: RecognitionRequest): Promise<readonly RecognisedWord[]>;
}

/** Samples a second of what a recogniser is given. */
export const SAMPLE_RATE = 16_000;

/** Bytes of one sample. */
export const SAMPLE_BYTES = 2;
