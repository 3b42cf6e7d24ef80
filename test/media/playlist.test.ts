import { expect, test } from '@jest/globals';
import { timestampTag } from '../../media/packed-audio.ts';
import { bandwidth, mediaPlaylist, multivariantPlaylist } from '../../media/playlist.ts';
import { planSegments } from '../../media/segment-plan.ts';

const RULES = { segmentSeconds: 6, shortestLastSegmentSeconds: 2, frameSeconds: 1024 / 48_000 };
const seconds = (frames: number): number => frames * RULES.frameSeconds;

test('segments hold every frame once and stay within half a frame of the clock', () => {
  const frames = 5169;
  const counts = planSegments(frames, RULES);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(frames);
  let end = 0;
  for (const [index, count] of counts.slice(0, -1).entries()) {
    end += count;
    expect(Math.abs(seconds(end) - 6 * (index + 1))).toBeLessThanOrEqual(RULES.frameSeconds / 2);
  }
});

test('a last segment shorter than the shortest is joined to the one before', () => {
  const [whole, runt] = [Math.round(6 / RULES.frameSeconds), Math.round(1 / RULES.frameSeconds)];
  expect(planSegments(whole + runt, RULES)).toEqual([whole + runt]);
  expect(planSegments(whole + runt, { ...RULES, shortestLastSegmentSeconds: 0 })).toEqual([whole, runt]);
});

test('a recording shorter than the shortest segment is one segment', () => {
  expect(planSegments(30, RULES)).toEqual([30]);
});

const segments = [
  { name: 'main_a64_00001.aac', durationSeconds: 6, sizeBytes: 48_000 },
  { name: 'main_a64_00002.aac', durationSeconds: 7.6, sizeBytes: 45_600 },
];

test('no duration, rounded, is above the target duration', () => {
  expect(mediaPlaylist(segments)).toBe(`#EXTM3U
#EXT-X-VERSION:4
#EXT-X-TARGETDURATION:8
#EXT-X-MEDIA-SEQUENCE:1
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:6.000000,
main_a64_00001.aac
#EXTINF:7.600000,
main_a64_00002.aac
#EXT-X-ENDLIST
`);
});

test('BANDWIDTH is the busiest segment, AVERAGE-BANDWIDTH all of them', () => {
  expect(bandwidth(segments)).toEqual({ peak: 64_000, average: 55_059 });
  expect(multivariantPlaylist([{ playlist: 'main_a64.m3u8', segments }])).toContain(
    '#EXT-X-STREAM-INF:BANDWIDTH=64000,AVERAGE-BANDWIDTH=55059,CODECS="mp4a.40.2"\nmain_a64.m3u8\n',
  );
});

test("a segment's tag carries its timestamp in 33 bits", () => {
  const tag = timestampTag((1n << 33n) + 900_000n);
  expect(tag.subarray(0, 5).toString('latin1')).toBe('ID3\u0004\u0000');
  expect(tag.readUInt8(9)).toBe(tag.length - 10);
  expect(tag.subarray(20, 65).toString('latin1')).toBe('com.apple.streaming.transportStreamTimestamp\0');
  expect(tag.readBigUInt64BE(tag.length - 8)).toBe(900_000n);
});
