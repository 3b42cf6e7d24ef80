import { expect, test } from '@jest/globals';
import { quietCuts } from '../../../local/transcribe/quiet-cuts.ts';
import { parseSphinxOutput } from '../../../local/transcribe/sphinx-output.ts';
import { transcriptJson } from '../../../local/transcribe/transcript-json.ts';

const word = (text: string, startSeconds: number, endSeconds: number, confidence = 0.9) => ({ text, startSeconds, endSeconds, confidence });

test('a transcript has exactly the shape that Transcribe writes', () => {
  const words = [word('welcome', 0.64, 1.09, 1), word('i', 1.09, 1.3456, 0.34678), word('say', 2, 2.5)];
  expect(JSON.parse(transcriptJson({ jobName: 'job', accountId: '000000000000' }, words))).toEqual({
    jobName: 'job',
    accountId: '000000000000',
    status: 'COMPLETED',
    results: {
      transcripts: [{ transcript: 'Welcome I. Say.' }],
      items: [
        { id: 0, type: 'pronunciation', alternatives: [{ confidence: '1.0', content: 'Welcome' }], start_time: '0.64', end_time: '1.09' },
        { id: 1, type: 'pronunciation', alternatives: [{ confidence: '0.347', content: 'I' }], start_time: '1.09', end_time: '1.346' },
        { id: 2, type: 'punctuation', alternatives: [{ confidence: '0.0', content: '.' }] },
        { id: 3, type: 'pronunciation', alternatives: [{ confidence: '0.9', content: 'Say' }], start_time: '2.0', end_time: '2.5' },
        { id: 4, type: 'punctuation', alternatives: [{ confidence: '0.0', content: '.' }] },
      ],
      audio_segments: [
        { id: 0, transcript: 'Welcome I.', start_time: '0.64', end_time: '1.346', items: [0, 1, 2] },
        { id: 1, transcript: 'Say.', start_time: '2.0', end_time: '2.5', items: [3, 4] },
      ],
    },
  });
});

test('where nobody speaks the transcript is empty', () => {
  expect(JSON.parse(transcriptJson({ jobName: 'job', accountId: '000000000000' }, [])).results).toEqual({
    transcripts: [{ transcript: '' }],
    items: [],
    audio_segments: [],
  });
});

test('fillers and pronunciation variants do not reach the transcript, and times count from the start of the recording', () => {
  const output = `my fellow americans
<s> 0.390 0.590 0.998900
my 0.960 1.090 0.023911
<sil> 1.100 1.200 0.999100
americans(2) 1.380 2.090 1.481868
[NOISE] 2.100 2.360 0.860779
</s> 2.370 2.750 1.000000
`;
  expect(parseSphinxOutput(output, 60)).toEqual([word('my', 60.96, 61.09, 0.023911), word('americans', 61.38, 62.09, 1)]);
});

test('an utterance of nothing but a mumbled vowel is noise', () => {
  expect(parseSphinxOutput('ah\nah 0.470 0.910 1.000000\n\nah yes\nah 2.0 2.1 0.5\nyes 2.2 2.4 0.9\n', 0).map(({ text }) => text)).toEqual([
    'ah',
    'yes',
  ]);
});

test('a long recording is cut where it is quiet, and a short one not at all', () => {
  const loudness = Array.from({ length: 100 }, (_, step) => (step >= 43 && step < 46 ? 0 : 10));
  const rules = { pieceSteps: 40, searchSteps: 10, quietSteps: 3 };
  expect(quietCuts(loudness, rules)).toEqual([44]);
  expect(quietCuts(loudness.slice(0, 60), rules)).toEqual([]);
});
