import type { PassageSentence } from './passages.ts';

/** A part of a text, in UTF-16 units as JavaScript's `slice` takes them; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A sentence of a passage, some of its neighbours around it, and where the query's words stand in them. */
export interface Excerpt {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly highlights: readonly TextRange[];
}

/** About three lines on a phone. */
const EXCERPT_CHARACTERS = 280;

/** Takes the marks out of a text that FTS5's highlight() marked, and says where they were. */
export function highlightRanges(marked: string, open: string, close: string): TextRange[] {
  const ranges: TextRange[] = [];
  let offset = 0;
  let start: number | undefined;
  for (const part of marked.split(new RegExp(`([${open}${close}])`))) {
    if (part === open) start = offset;
    else if (part === close && start !== undefined) ranges.push({ start, end: offset });
    else offset += part.length;
  }
  return ranges;
}

/**
 * The sentence that has most of the query's words, with neighbours as far as they fit. Without any highlight it is the
 * first sentence: the passage was found by its meaning, its title or its preacher.
 */
export function bestExcerpt(text: string, sentences: readonly PassageSentence[], highlights: readonly TextRange[]): Excerpt | undefined {
  const spans: TextRange[] = [];
  for (const sentence of sentences) {
    const start = spans.at(-1) === undefined ? 0 : (spans.at(-1)?.end ?? 0) + 1; // one space between sentences
    spans.push({ start, end: start + sentence.text.length });
  }
  const weights = spans.map((span) => distinctWords(text, inside(highlights, span)));
  const best = weights.indexOf(Math.max(...weights));
  const [sentence, span] = [sentences[best], spans[best]];
  if (sentence === undefined || span === undefined) return undefined;

  const window = widen(spans, best);
  return {
    startSeconds: sentence.startSeconds,
    endSeconds: sentence.endSeconds,
    text: text.slice(window.start, window.end),
    highlights: inside(highlights, window).map(({ start, end }) => ({ start: start - window.start, end: end - window.start })),
  };
}

const inside = (ranges: readonly TextRange[], { start, end }: TextRange): TextRange[] =>
  ranges.filter((range) => range.start >= start && range.end <= end);

/** How many different words: "grace, grace, grace" says less than "grace and truth". Repeats decide between equals. */
function distinctWords(text: string, ranges: readonly TextRange[]): number {
  const words = ranges.map(({ start, end }) => text.slice(start, end).toLowerCase());
  return new Set(words).size + words.length / 1000;
}

function widen(spans: readonly TextRange[], best: number): TextRange {
  let [first, last] = [best, best];
  const length = (from: number, to: number): number =>
    (spans[to]?.end ?? Number.POSITIVE_INFINITY) - (spans[from]?.start ?? Number.NEGATIVE_INFINITY);
  // What follows explains a sentence better than what came before.
  while (last + 1 < spans.length && length(first, last + 1) <= EXCERPT_CHARACTERS) last += 1;
  while (first > 0 && length(first - 1, last) <= EXCERPT_CHARACTERS) first -= 1;
  return { start: spans[first]?.start ?? 0, end: spans[last]?.end ?? 0 };
}
