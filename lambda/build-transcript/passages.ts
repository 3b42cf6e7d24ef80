import type { Passage } from '../shared/search/passages.ts';
import { sentenceText, type Sentence } from './sentences.ts';

/** Best of the sizes measured on 1,198 sermons (R@10 .983 with one sentence of overlap, at half the storage of 90 words). */
const TARGET_WORDS = 190;
/** A rest shorter than this joins the last passage: alone it would hardly say anything. */
const SHORTEST_REST_WORDS = 60;
/** A song or a silence: what follows is another thought. */
const BREAK_SECONDS = 4;
/** Below this a break is ignored, so that a slow speaker does not become a hundred scraps. */
const WORDS_BEFORE_BREAK = 90;

const wordsOf = (sentences: readonly Sentence[]): number => sentences.reduce((sum, sentence) => sum + sentence.words.length, 0);

/** Groups sentences to passages of about 190 words; each begins with the last sentence of the one before. */
export function passagesOf(sentences: readonly Sentence[]): Passage[] {
  const groups: Sentence[][] = [];
  let open: Sentence[] = [];
  let fresh = 0; // sentences of `open` that no closed passage holds
  for (const [index, sentence] of sentences.entries()) {
    open.push(sentence);
    fresh += 1;
    const rest = sentences.slice(index + 1, index + 1 + SHORTEST_REST_WORDS);
    const next = rest[0];
    if (next === undefined) break;
    const words = wordsOf(open);
    const paused = next.startSeconds - sentence.endSeconds >= BREAK_SECONDS && words >= WORDS_BEFORE_BREAK;
    const full = words >= TARGET_WORDS && wordsOf(rest) >= SHORTEST_REST_WORDS;
    if (!paused && !full) continue;
    groups.push(open);
    open = paused || open.length === 1 ? [] : [sentence];
    fresh = 0;
  }
  if (fresh > 0) groups.push(open);
  return groups.map(toPassage);
}

function toPassage(group: readonly Sentence[], ordinal: number): Passage {
  const sentences = group.map((sentence) => ({
    startSeconds: sentence.startSeconds,
    endSeconds: sentence.endSeconds,
    text: sentenceText(sentence),
  }));
  return {
    ordinal,
    startSeconds: group[0]?.startSeconds ?? 0,
    endSeconds: group.at(-1)?.endSeconds ?? 0,
    text: sentences.map((sentence) => sentence.text).join(' '),
    sentences,
  };
}
