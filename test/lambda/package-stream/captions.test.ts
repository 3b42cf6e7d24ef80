import { expect, test } from '@jest/globals';
import { captionSegments, parseCues } from '../../../lambda/package-stream/caption-segments.ts';
import { firstTimestamp } from '../../../lambda/package-stream/first-timestamp.ts';

const webVtt = `WEBVTT

NOTE made from a draft

1
00:00:01.000 --> 00:00:04.000
In the beginning
was the Word

2
00:00:58.500 --> 00:01:02.000
and the Word was with God

3
00:02:05.000 --> 00:02:09.000
the same
`;

test('cues keep their times and lines, and lose their numbers', () => {
  expect(parseCues(webVtt)[0]).toEqual({
    startSeconds: 1,
    endSeconds: 4,
    block: '00:00:01.000 --> 00:00:04.000\nIn the beginning\nwas the Word',
  });
  expect(parseCues('WEBVTT\r\n\r\n01:02.500 --> 01:03.000\r\nAmen')[0]?.startSeconds).toBe(62.5);
});

test('the segments fill the sermon, and a cue over a border stands in both', () => {
  const segments = captionSegments(webVtt, 126.5, 900_000n);
  expect(segments.map(({ durationSeconds }) => durationSeconds)).toEqual([60, 60, 6.5]);
  expect(segments.map(({ text }) => text.includes('with God'))).toEqual([true, true, false]);
  expect(segments.map(({ text }) => text.includes('the same'))).toEqual([false, false, true]);
  expect(segments.every(({ text }) => text.startsWith('WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n'))).toBe(true);
});

test('no cue is lost though the recogniser heard it a little past the end', () => {
  expect(captionSegments(webVtt, 120, 0n).at(-1)?.text).toContain('the same');
});

test('the first timestamp is read from a packed segment', () => {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(900_000n);
  const tag = Buffer.concat([
    Buffer.from('ID3\u0004\0\0\0\0\0?PRIV\0\0\0\u0035\0\0com.apple.streaming.transportStreamTimestamp\0', 'latin1'),
    timestamp,
  ]);
  expect(firstTimestamp(Buffer.concat([tag, Buffer.from('fff1', 'hex')]))).toBe(900_000n);
  expect(firstTimestamp(Buffer.from('G@'))).toBe(0n);
});
