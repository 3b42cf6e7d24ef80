import { expect, test } from '@jest/globals';
import { measureBandwidth } from '../../../lambda/package-stream/bandwidth.ts';
import { captionsPlaylist, indexPlaylist } from '../../../lambda/package-stream/index-playlist.ts';
import { parseMediaPlaylist, playlistSeconds, variantUris } from '../../../lambda/package-stream/media-playlist.ts';
import { refuseTruncated } from '../../../lambda/package-stream/refuse-truncated.ts';

const rendition = `#EXTM3U
#EXT-X-VERSION:4
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:1
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:6.016000,
main_a64_00001.aac
#EXTINF:2.5,
main_a64_00002.aac
#EXT-X-ENDLIST
`;

test('a rendition is read with its segments and its length', () => {
  const playlist = parseMediaPlaylist(rendition);
  expect(playlist.segments.map(({ uri }) => uri)).toEqual(['main_a64_00001.aac', 'main_a64_00002.aac']);
  expect(playlistSeconds(playlist)).toBeCloseTo(8.516);
  expect(() => parseMediaPlaylist(rendition.replace('#EXT-X-ENDLIST', ''))).toThrow('complete');
});

test('the renditions of a multivariant playlist are found', () => {
  expect(variantUris('#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\na.m3u8\r\n#EXT-X-STREAM-INF:BANDWIDTH=2\r\nb.m3u8\r\n')).toEqual([
    'a.m3u8',
    'b.m3u8',
  ]);
});

test('BANDWIDTH is no less than the rate of the busiest segment, and of the busiest neighbours', () => {
  const { peak, average } = measureBandwidth(
    [
      { durationSeconds: 6, sizeBytes: 48_000 },
      { durationSeconds: 6, sizeBytes: 60_000 },
      { durationSeconds: 1, sizeBytes: 11_000 },
    ],
    6,
  );
  expect(peak).toBe(88_000);
  expect(average).toBe(Math.ceil((8 * 119_000) / 13));
  expect(measureBandwidth([], 6)).toEqual({ peak: 0, average: 0 });
});

const renditions = [64, 128, 96].map((rate) => ({ uri: `main_a${rate}.m3u8`, bandwidth: { peak: rate * 1100, average: rate * 1010 } }));

test('listeners are offered the renditions, the best first, and the captions with each', () => {
  expect(indexPlaylist(renditions, { uri: 'captions.m3u8', language: 'en-US' })).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="American English",LANGUAGE="en-US",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=140800,AVERAGE-BANDWIDTH=129280,CODECS="mp4a.40.2",SUBTITLES="subs"
main_a128.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=105600,AVERAGE-BANDWIDTH=96960,CODECS="mp4a.40.2",SUBTITLES="subs"
main_a96.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=70400,AVERAGE-BANDWIDTH=64640,CODECS="mp4a.40.2",SUBTITLES="subs"
main_a64.m3u8
`);
});

test('without speech no captions are offered', () => {
  expect(indexPlaylist(renditions)).not.toContain('SUBTITLES');
});

test('no segment of the captions is longer than the target duration', () => {
  const text = captionsPlaylist([
    { name: 'captions_00001.vtt', durationSeconds: 60 },
    { name: 'captions_00002.vtt', durationSeconds: 3.25 },
  ]);
  expect(text).toContain('#EXT-X-TARGETDURATION:60\n');
  expect(text).toContain('#EXTINF:3.250,\ncaptions_00002.vtt\n#EXT-X-ENDLIST');
});

test('an upload that was cut off is refused, and codec padding is not', () => {
  expect(() => refuseTruncated('uploads/a.mp3', 11.09, 4.9)).toThrow('cut off');
  expect(() => refuseTruncated('uploads/a.mp3', 3600, 3590)).not.toThrow();
  expect(() => refuseTruncated('uploads/a.mp3', 10, 8.5)).not.toThrow();
  expect(() => refuseTruncated('uploads/a.mp3', 10, 11)).not.toThrow();
});
