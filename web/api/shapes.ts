/** What the API answers (design: `/v1/sermons`, `/v1/sermons/{id}`, `/v1/sermons/{id}/transcript`, `/v1/search`). */
export interface SermonSummary {
  readonly id: string;
  readonly status: SermonStatus;
  readonly title: string;
  readonly preacher?: string;
  readonly date?: string;
  readonly durationSeconds?: number;
  /** Name of what went wrong, of a failed sermon. */
  readonly error?: string;
}

export type SermonStatus = 'processing' | 'published' | 'scheduled' | 'failed' | 'removed';

export interface Sermon extends SermonSummary {
  /** Paths on this site; only of a published sermon. */
  readonly stream?: string;
  readonly audio?: string;
  readonly captions?: string;
  readonly waveform?: string;
  readonly hasSpeech?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page; absent or null on the last one. */
  readonly next?: string | null;
}

export interface Transcript {
  readonly language: string;
  readonly draft: boolean;
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly words: readonly Word[];
}

export interface Word {
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly confidence: number;
}

export interface SearchHit {
  readonly sermonId: string;
  readonly title: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  /** Places in `text` that answer the query, in UTF-16 units, the end exclusive. */
  readonly highlights: readonly (readonly [number, number])[];
}

export interface SearchPage extends Page<SearchHit> {
  /** Present when the answer is poorer than it could be. */
  readonly degraded?: unknown;
}

/** waveform.json: the loudest sample of each of equally long parts, 0 to 255. */
export interface Waveform {
  readonly durationSeconds: number;
  readonly peaks: readonly number[];
}
