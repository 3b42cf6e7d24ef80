import type { RecognisedWord } from './recogniser.ts';

/** What a transcript says besides its words. */
export interface TranscriptHeader {
  readonly jobName: string;
  readonly accountId: string;
}

type Item = PronunciationItem | PunctuationItem;

interface PronunciationItem {
  readonly id: number;
  readonly type: 'pronunciation';
  readonly alternatives: readonly Alternative[];
  readonly start_time: string;
  readonly end_time: string;
}

interface PunctuationItem {
  readonly id: number;
  readonly type: 'punctuation';
  readonly alternatives: readonly Alternative[];
}

interface Alternative {
  readonly confidence: string;
  readonly content: string;
}

interface AudioSegment {
  readonly id: number;
  readonly transcript: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly items: readonly number[];
}

// A breath this long ends a sentence; the recogniser itself hears no punctuation.
const SENTENCE_PAUSE_SECONDS = 0.6;

/** Transcribe's output file: numbers are strings, punctuation has no times, segments name their items by id. */
export function transcriptJson({ jobName, accountId }: TranscriptHeader, words: readonly RecognisedWord[]): string {
  const items: Item[] = [];
  const segments: AudioSegment[] = [];
  for (const sentence of sentencesOf(words)) {
    const first = items.length;
    sentence.forEach((word, index) => items.push(pronunciation(items.length, word, index === 0)));
    items.push({ id: items.length, type: 'punctuation', alternatives: [{ confidence: '0.0', content: '.' }] });
    segments.push(segmentOf(segments.length, sentence, items.slice(first)));
  }
  const transcripts = [{ transcript: segments.map(({ transcript }) => transcript).join(' ') }];
  return JSON.stringify({ jobName, accountId, status: 'COMPLETED', results: { transcripts, items, audio_segments: segments } });
}

/** Groups words into what is said in one breath. */
function sentencesOf(words: readonly RecognisedWord[]): readonly (readonly RecognisedWord[])[] {
  const sentences: RecognisedWord[][] = [];
  let lastEnd = -Infinity;
  for (const word of words) {
    if (word.startSeconds - lastEnd >= SENTENCE_PAUSE_SECONDS) sentences.push([]);
    sentences.at(-1)?.push(word);
    lastEnd = word.endSeconds;
  }
  return sentences;
}

function pronunciation(
  id: number,
  { text, startSeconds, endSeconds, confidence }: RecognisedWord,
  startsSentence: boolean,
): PronunciationItem {
  return {
    id,
    type: 'pronunciation',
    alternatives: [{ confidence: decimal(confidence), content: spelled(text, startsSentence) }],
    start_time: decimal(startSeconds),
    end_time: decimal(endSeconds),
  };
}

function segmentOf(id: number, sentence: readonly RecognisedWord[], items: readonly Item[]): AudioSegment {
  const words = items.filter(({ type }) => type === 'pronunciation').map(({ alternatives }) => alternatives[0]?.content ?? '');
  return {
    id,
    transcript: `${words.join(' ')}.`,
    start_time: decimal(sentence[0]?.startSeconds ?? 0),
    end_time: decimal(sentence.at(-1)?.endSeconds ?? 0),
    items: items.map((item) => item.id),
  };
}

/** The model knows small letters only. */
function spelled(text: string, startsSentence: boolean): string {
  return startsSentence || /^i('|$)/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}

/** Up to three decimals and at least one, as Transcribe writes numbers. */
function decimal(value: number): string {
  const rounded = String(Number(value.toFixed(3)));
  return rounded.includes('.') ? rounded : `${rounded}.0`;
}
