import { expect, test } from '@jest/globals';
import { clock, day, fromLinkTime, length, toLinkTime } from '../../web/time.ts';

test.each([
  ['1m5s', 65],
  ['1h2m3s', 3723],
  ['42s', 42],
  ['65', 65],
  ['65.5', 65.5],
  ['2m', 120],
  ['', undefined],
  ['soon', undefined],
  [null, undefined],
])('a link with t=%s starts at %s', (text, seconds) => {
  expect(fromLinkTime(text)).toBe(seconds);
});

test('a shared link comes back to the same second', () => {
  for (const seconds of [0, 5, 59, 60, 65, 3599, 3600, 3723]) expect(fromLinkTime(toLinkTime(seconds))).toBe(seconds);
});

test('clocks, lengths and dates read as people write them', () => {
  expect([66, 3723, 5].map(clock)).toEqual(['1:06', '1:02:03', '0:05']);
  expect([50, 2460, 3900, 7200].map(length)).toEqual(['50\u00a0s', '41\u00a0min', '1\u00a0h 5\u00a0min', '2\u00a0h']);
  expect([day('2026-11-15'), day('2019')]).toEqual(['15 November 2026', '2019']);
});
