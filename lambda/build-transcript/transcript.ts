import type { Sentence } from './sentences.ts';
import type { Word } from './transcription.ts';

/** transcript.json, as the API hands it out. */
export interface Transcript {
  readonly language: string;
  /** True until a person has read it: a machine's transcript is a draft, and pages must say so. */
  readonly draft: boolean;
  readonly segments: readonly Segment[];
}

/** One sentence of the transcript. */
export interface Segment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly words: readonly Word[];
}

/** The transcript of a machine: a draft. */
export function draftTranscript(language: string, sentences: readonly Sentence[]): Transcript {
  return { language, draft: true, segments: sentences.map(({ startSeconds, endSeconds, words }) => ({ startSeconds, endSeconds, words })) };
}
