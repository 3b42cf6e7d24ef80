import { expect, test } from '@jest/globals';
import { findInTranscript, indexAt, paragraphs, placeWords, wordAt } from '../../web/transcript.ts';

const segment = (startSeconds: number, endSeconds: number, text: string) =>
  placeWords({
    startSeconds,
    endSeconds,
    words: text
      .split(' ')
      .map((word, index) => ({ text: word, startSeconds: startSeconds + index, endSeconds: startSeconds + index + 1, confidence: 1 })),
  });

const segments = [segment(0, 4, 'In the beginning was'), segment(4.5, 8, 'Élie and the Word'), segment(12, 16, 'the word was good')];

test('what is being said is the last thing that began', () => {
  expect([-1, 0, 4.2, 4.5, 11, 99].map((seconds) => indexAt(segments, seconds))).toEqual([-1, 0, 0, 1, 1, 2]);
});

test('a click finds the word under it, and a click between two words the second', () => {
  const [first] = segments;
  if (first === undefined) throw new Error('no segment');
  expect([0, 1, 2, 4, 7, 99].map((offset) => wordAt(first, offset)?.text)).toEqual(['In', 'In', 'the', 'the', 'beginning', 'was']);
});

test('words are found in any case and accent, at their place in the text', () => {
  const found = findInTranscript(segments, ' the  word ');
  expect(found.map(({ segment: index, start, end }) => segments[index]?.text.slice(start, end))).toEqual(['the Word', 'the word']);
  expect(findInTranscript(segments, 'elie')).toEqual([{ segment: 1, start: 0, end: 4 }]);
  expect(findInTranscript(segments, '  ')).toEqual([]);
});

test('a pause begins a paragraph', () => {
  expect(paragraphs(segments).map(({ firstIndex, segments: within }) => [firstIndex, within.length])).toEqual([
    [0, 2],
    [2, 1],
  ]);
});
