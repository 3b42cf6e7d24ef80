import type { PassageSentence } from './passages.ts';

/**
 * A passage's sentences as its row keeps them: start, end and length of each. The words stand in the row's text already,
 * and every search function downloads the whole shard.
 */
export const packSentences = (sentences: readonly PassageSentence[]): string =>
  JSON.stringify(sentences.map(({ startSeconds, endSeconds, text }) => [startSeconds, endSeconds, text.length]));

/** The sentences again, cut from the passage's text, where single spaces join them. */
export function unpackSentences(packed: string, text: string): PassageSentence[] {
  let offset = 0;
  // The column is written by packSentences alone.
  return (JSON.parse(packed) as [number, number, number][]).map(([startSeconds, endSeconds, length]) => {
    const sentence = { startSeconds, endSeconds, text: text.slice(offset, offset + length) };
    offset += length + 1;
    return sentence;
  });
}
