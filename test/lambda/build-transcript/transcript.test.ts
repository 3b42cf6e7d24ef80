import { expect, test } from '@jest/globals';
import { cuesOf, vttTime, webVtt } from '../../../lambda/build-transcript/captions.ts';
import { passagesOf } from '../../../lambda/build-transcript/passages.ts';
import { sentenceText, splitIntoSentences } from '../../../lambda/build-transcript/sentences.ts';
import { draftTranscript } from '../../../lambda/build-transcript/transcript.ts';
import { parseTranscription, type Word } from '../../../lambda/build-transcript/transcription.ts';

/** The sample of Transcribe's own guide, in the shape that the service writes. */
const WELCOME = JSON.stringify({
  jobName: 'welcome',
  accountId: '000000000000',
  status: 'COMPLETED',
  results: {
    transcripts: [{ transcript: 'Welcome to Amazon Transcribe.' }],
    items: [
      { id: 0, type: 'pronunciation', alternatives: [{ confidence: '1.0', content: 'Welcome' }], start_time: '0.64', end_time: '1.09' },
      { id: 1, type: 'pronunciation', alternatives: [{ confidence: '0.98', content: 'to' }], start_time: '1.09', end_time: '1.21' },
      { id: 2, type: 'pronunciation', alternatives: [{ confidence: '1.0', content: 'Amazon' }], start_time: '1.21', end_time: '1.74' },
      { id: 3, type: 'pronunciation', alternatives: [{ confidence: '0.9', content: 'Transcribe' }], start_time: '1.74', end_time: '2.56' },
      { id: 4, type: 'punctuation', alternatives: [{ confidence: '0.0', content: '.' }] },
    ],
  },
});

/** Words of half a second each, without a gap; `pauses` says after which word (from 1) how many seconds are silent. */
const spoken = (text: string, pauses: Record<number, number> = {}): Word[] => {
  let at = 0;
  return text.split(' ').map((word, index) => {
    const startSeconds = at;
    at += 0.5 + (pauses[index + 1] ?? 0);
    return { text: word, startSeconds, endSeconds: startSeconds + 0.5, confidence: 0.9 };
  });
};
const repeated = (count: number, sentenceWords: number): string =>
  Array.from({ length: count }, (_, index) => `word${index}${(index + 1) % sentenceWords === 0 ? '.' : ''}`).join(' ');

test('a transcription becomes one segment a sentence, with numbers for times and punctuation on its word', () => {
  const sentences = splitIntoSentences(parseTranscription(WELCOME));
  expect(draftTranscript('en-US', sentences)).toEqual({
    language: 'en-US',
    draft: true,
    segments: [
      {
        startSeconds: 0.64,
        endSeconds: 2.56,
        words: [
          { text: 'Welcome', startSeconds: 0.64, endSeconds: 1.09, confidence: 1 },
          { text: 'to', startSeconds: 1.09, endSeconds: 1.21, confidence: 0.98 },
          { text: 'Amazon', startSeconds: 1.21, endSeconds: 1.74, confidence: 1 },
          { text: 'Transcribe.', startSeconds: 1.74, endSeconds: 2.56, confidence: 0.9 },
        ],
      },
    ],
  });
});

test('a file that Transcribe did not write is refused with what to do', () => {
  expect(() => parseTranscription('{"results":{}}')).toThrow(/no results\.items.*start the transcription again/);
});

test('without punctuation a pause ends a sentence, which then begins with a capital and ends with a stop', () => {
  const sentences = splitIntoSentences({ words: spoken("grace was god's word and i heard it", { 4: 0.6 }), punctuated: false });
  expect(sentences.map(sentenceText)).toEqual(["Grace was God's word.", 'And I heard it.']);
});

test('a recogniser that writes no capitals gets them for names, also where it marks the ends of sentences', () => {
  const lower = splitIntoSentences({ words: spoken('moses prayed to god. i heard.'), punctuated: true });
  expect(lower.map(sentenceText)).toEqual(['Moses prayed to God.', 'I heard.']);
  const cased = splitIntoSentences({ words: spoken('Other gods, the god of Rome.'), punctuated: true });
  expect(cased.map(sentenceText)).toEqual(['Other gods, the god of Rome.']);
});

test('without punctuation and pauses no sentence is longer than 25 words, and none is lost', () => {
  const words = spoken(repeated(100, 1000));
  const sentences = splitIntoSentences({ words, punctuated: false });
  expect(Math.max(...sentences.map((sentence) => sentence.words.length))).toBeLessThanOrEqual(25);
  expect(sentences.flatMap((sentence) => sentence.words)).toHaveLength(100);
});

test('captions have at most two lines of 42 characters, never overlap and hold every word', () => {
  const words = spoken(
    'In the beginning was the Word & the Word was with God, and the Word was God, and he was with God in the beginning of all things. So it is.',
    { 10: 2 },
  );
  const cues = cuesOf(splitIntoSentences({ words, punctuated: true }));
  for (const [index, cue] of cues.entries()) {
    expect(cue.lines.length).toBeLessThanOrEqual(2);
    expect(Math.max(...cue.lines.map((line) => line.length))).toBeLessThanOrEqual(42);
    expect(cue.endSeconds).toBeGreaterThan(cue.startSeconds);
    expect(cue.endSeconds).toBeLessThanOrEqual(cues[index + 1]?.startSeconds ?? Number.POSITIVE_INFINITY);
  }
  expect(cues.flatMap((cue) => cue.lines.join(' ').split(' '))).toEqual(words.map((word) => word.text));
  const file = webVtt(cues);
  expect(file).toMatch(/^WEBVTT\n\n1\n00:00:00\.000 --> /);
  expect(file).toContain('the Word &amp; the Word');
});

test('a caption after an hour has its hour', () => {
  expect(vttTime(3725.0425)).toBe('01:02:05.043');
  expect(vttTime(59.9999)).toBe('00:01:00.000');
});

test('passages are about 190 words, begin with the last sentence of the one before, and know the times of their sentences', () => {
  const passages = passagesOf(splitIntoSentences({ words: spoken(repeated(1000, 10)), punctuated: true }));
  expect(passages.map(({ ordinal }) => ordinal)).toEqual([...passages.keys()]);
  for (const [index, passage] of passages.entries()) {
    const words = passage.text.split(' ').length;
    expect(words).toBeGreaterThanOrEqual(60);
    expect(words).toBeLessThanOrEqual(260);
    expect(passage.text).toBe(passage.sentences.map(({ text }) => text).join(' '));
    const before = passages[index - 1];
    if (before !== undefined) expect(passage.sentences[0]).toEqual(before.sentences.at(-1));
  }
  expect(passages.at(-1)?.endSeconds).toBe(500);
});

test('a short recording is one passage, and a long silence begins another', () => {
  expect(passagesOf(splitIntoSentences({ words: spoken('Grace and peace.'), punctuated: true }))).toHaveLength(1);
  const interrupted = passagesOf(splitIntoSentences({ words: spoken(repeated(150, 10), { 100: 30 }), punctuated: true }));
  expect(interrupted.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [0, 50],
    [80, 105],
  ]);
});
