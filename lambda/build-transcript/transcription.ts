/** A word as the recogniser heard it, with the punctuation that follows it. Times are seconds from the start of the audio. */
export interface Word {
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** What Transcribe's answer holds, as far as Pulpit uses it. */
export interface Transcription {
  readonly words: readonly Word[];
  /** Whether the recogniser marked where sentences end. */
  readonly punctuated: boolean;
  /** Only where the job was told to identify it. */
  readonly language?: string;
}

interface TranscribeItem {
  readonly type: 'pronunciation' | 'punctuation';
  readonly content: string;
  readonly confidence: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the JSON that Transcribe wrote. Its numbers are strings, and its punctuation items have no times.
 * @throws Error where the file is not Transcribe's answer.
 */
export function parseTranscription(json: string): Transcription {
  const root: unknown = JSON.parse(json);
  const results = isObject(root) ? root['results'] : undefined;
  const rawItems = isObject(results) ? results['items'] : undefined;
  if (!isObject(results) || !Array.isArray(rawItems)) {
    throw new Error('the transcription file has no results.items; it must be what Transcribe wrote, so start the transcription again');
  }
  const items = rawItems.map((item: unknown, index) => parseItem(item, index));
  const language = results['language_code'];
  return {
    words: joinPunctuation(items),
    punctuated: items.some((item) => item.type === 'punctuation' && /[.?!]/.test(item.content)),
    ...(typeof language === 'string' ? { language } : {}),
  };
}

function parseItem(item: unknown, index: number): TranscribeItem {
  const alternatives = isObject(item) ? item['alternatives'] : undefined;
  const best: unknown = Array.isArray(alternatives) ? alternatives[0] : undefined;
  const type = isObject(item) ? item['type'] : undefined;
  if (!isObject(item) || !isObject(best) || typeof best['content'] !== 'string' || (type !== 'pronunciation' && type !== 'punctuation')) {
    throw new Error(`item ${index} of the transcription is neither a spoken word nor punctuation; start the transcription again`);
  }
  return {
    type,
    content: best['content'],
    confidence: Math.min(1, Math.max(0, Number(best['confidence'] ?? 0) || 0)),
    startSeconds: Number(item['start_time'] ?? 0) || 0,
    endSeconds: Number(item['end_time'] ?? 0) || 0,
  };
}

function joinPunctuation(items: readonly TranscribeItem[]): Word[] {
  const words: Word[] = [];
  for (const { type, content, confidence, startSeconds, endSeconds } of items) {
    const last = words.at(-1);
    if (type === 'pronunciation') words.push({ text: content, startSeconds, endSeconds: Math.max(startSeconds, endSeconds), confidence });
    else if (last !== undefined) words[words.length - 1] = { ...last, text: last.text + content };
  }
  return words;
}
