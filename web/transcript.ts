import type { Segment, Word } from './api/shapes.ts';

/** A segment with its text, and where each word stands in it. */
export interface TextSegment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly words: readonly PlacedWord[];
}

/** A word and its place in the segment's text, in UTF-16 units; `end` is exclusive. */
export interface PlacedWord extends Word {
  readonly start: number;
  readonly end: number;
}

/** Some segments that stand together, as one would read them. */
export interface Paragraph {
  readonly startSeconds: number;
  readonly segments: readonly TextSegment[];
  /** Index of the first segment within the whole transcript. */
  readonly firstIndex: number;
}

/** Where something was found: a segment's index and the place in its text. */
export interface Found {
  readonly segment: number;
  readonly start: number;
  readonly end: number;
}

// A pause this long begins a paragraph, and so does the next sentence after this much speech. Both by eye, on real sermons.
const PARAGRAPH_PAUSE_SECONDS = 1.6;
const PARAGRAPH_SECONDS = 45;

/** Words joined to text. */
export function placeWords({ startSeconds, endSeconds, words }: Segment): TextSegment {
  let text = '';
  const placed = words.map((word) => {
    if (text !== '') text += ' ';
    const start = text.length;
    text += word.text;
    return { ...word, start, end: text.length };
  });
  return { startSeconds, endSeconds, text, words: placed };
}

/** Segments gathered into paragraphs at pauses. */
export function paragraphs(segments: readonly TextSegment[]): Paragraph[] {
  const result: { startSeconds: number; segments: TextSegment[]; firstIndex: number }[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = result.at(-1);
    const pause = segment.startSeconds - (last?.segments.at(-1)?.endSeconds ?? Number.NEGATIVE_INFINITY);
    if (last !== undefined && pause < PARAGRAPH_PAUSE_SECONDS && segment.startSeconds - last.startSeconds < PARAGRAPH_SECONDS)
      last.segments.push(segment);
    else result.push({ startSeconds: segment.startSeconds, segments: [segment], firstIndex: index });
  }
  return result;
}

/** Index of the last entry that has begun at a time, or -1 before the first: what is being said, or was said last. */
export function indexAt(entries: readonly { readonly startSeconds: number }[], seconds: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.startSeconds ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The word at a place in a segment's text: the one that covers it or follows it. */
export function wordAt(segment: TextSegment, offset: number): PlacedWord | undefined {
  return segment.words.find(({ end }) => offset < end) ?? segment.words.at(-1);
}

/** Every place where the words of `query` follow one another, in any case and whatever accents they bear, within one segment. */
export function findInTranscript(segments: readonly TextSegment[], query: string): Found[] {
  const wanted = plain(query.trim().replaceAll(/\s+/g, ' '));
  if (wanted === '') return [];
  return segments.flatMap(({ text }, segment) => {
    const found: Found[] = [];
    const searched = plain(text);
    for (let start = searched.indexOf(wanted); start !== -1; start = searched.indexOf(wanted, start + wanted.length)) {
      found.push({ segment, start, end: start + wanted.length });
    }
    return found;
  });
}

/** Lower case without accents; as long as the text it comes from, so that places stay true. */
function plain(text: string): string {
  return Array.from(text, (letter) =>
    (letter.normalize('NFD')[0] ?? letter).toLowerCase().padEnd(letter.length).slice(0, letter.length),
  ).join('');
}
