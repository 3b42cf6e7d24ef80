import { withCapital } from './names.ts';
import type { Transcription, Word } from './transcription.ts';

/** A sentence, or what stands for one where the recogniser gave no punctuation. Never empty. */
export interface Sentence {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly words: readonly Word[];
}

/** A speaker's breath between sentences: without punctuation, this is the best sign that there is (measured on read speech). */
const SENTENCE_PAUSE_SECONDS = 0.6;
/** Longest unpunctuated run: what fits on a screen, and short enough for a hit to land near its words. */
const LONGEST_UNPUNCTUATED_WORDS = 25;
/** Spoken sentences beyond this are a recogniser that lost its full stops. */
const LONGEST_PUNCTUATED_WORDS = 60;

const endsSentence = (word: Word): boolean => /[.?!…]["'”’)]*$/.test(word.text);

/** Cuts a transcription into sentences: at its punctuation, or at pauses where it has none. */
export function splitIntoSentences({ words: heard, punctuated }: Transcription): Sentence[] {
  // A recogniser that writes capitals knows better where they belong.
  const cased = heard.some(({ text }) => text !== text.toLowerCase());
  const words = cased ? heard : heard.map((word) => ({ ...word, text: withCapital(word.text) }));
  const longest = punctuated ? LONGEST_PUNCTUATED_WORDS : LONGEST_UNPUNCTUATED_WORDS;
  const sentences: Sentence[] = [];
  let open: Word[] = [];
  const close = (count: number): void => {
    sentences.push(toSentence(open.slice(0, count), punctuated));
    open = open.slice(count);
  };
  for (const [index, word] of words.entries()) {
    open.push(word);
    const next = words[index + 1];
    const ended = punctuated ? endsSentence(word) : next !== undefined && next.startSeconds - word.endSeconds >= SENTENCE_PAUSE_SECONDS;
    if (ended) close(open.length);
    else if (open.length >= longest && next !== undefined) close(longestPauseInSecondHalf([...open, next]));
  }
  if (open.length > 0) close(open.length);
  return sentences;
}

/** Where to cut a run that has no end: at its longest breath, but not so early that scraps remain. */
function longestPauseInSecondHalf(words: readonly Word[]): number {
  let cut = words.length - 1;
  let longest = -1;
  for (let index = Math.ceil(words.length / 2); index < words.length; index += 1) {
    const pause = (words[index]?.startSeconds ?? 0) - (words[index - 1]?.endSeconds ?? 0);
    if (pause >= longest) [cut, longest] = [index, pause];
  }
  return cut;
}

function toSentence(words: readonly Word[], punctuated: boolean): Sentence {
  const spoken = [...words];
  const [first] = spoken;
  const last = spoken.at(-1);
  if (first === undefined || last === undefined) throw new Error('a sentence must hold at least one word');
  spoken[0] = { ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) };
  const closing = spoken.at(-1) ?? last;
  // The stop is ours, not the recogniser's: without it, sentences that are joined to passages cannot be read.
  if (!punctuated && !endsSentence(closing)) spoken[spoken.length - 1] = { ...closing, text: `${closing.text}.` };
  return { startSeconds: first.startSeconds, endSeconds: last.endSeconds, words: spoken };
}

/** The sentence as one line of text. */
export const sentenceText = (sentence: Sentence): string => sentence.words.map((word) => word.text).join(' ');
