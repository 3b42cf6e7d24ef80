import { expect, test } from '@jest/globals';
import { barHeights } from '../../web/elements/waveform.ts';
import { engineOrder } from '../../web/player/engines.ts';
import { routeOf } from '../../web/router.ts';

test('hls.js comes first where the browser gives up at a failed request, the browser itself on Apple, the MP3 last', () => {
  expect(engineOrder(null, { mediaSource: true, managed: false, nativeHls: true })).toEqual(['hlsjs', 'native', 'file']);
  expect(engineOrder(null, { mediaSource: true, managed: false, nativeHls: false })).toEqual(['hlsjs', 'file']);
  expect(engineOrder(null, { mediaSource: true, managed: true, nativeHls: true })).toEqual(['native', 'hlsjs', 'file']);
  expect(engineOrder(null, { mediaSource: false, managed: false, nativeHls: true })).toEqual(['native', 'file']);
  expect(engineOrder('native', { mediaSource: true, managed: false, nativeHls: true })).toEqual(['native']);
});

const pageOf = (path: string) => routeOf(new URL(path, 'http://site.example'));

test('addresses are pages', () => {
  expect(pageOf('/')).toEqual({ page: 'library' });
  expect(pageOf('/sermons/a-0a1b2c3d?t=1m5s')).toEqual({ page: 'sermon', id: 'a-0a1b2c3d', time: '1m5s' });
  expect(pageOf('/search?q=living%20water')).toEqual({ page: 'search', query: 'living water' });
  expect(pageOf('/elsewhere')).toEqual({ page: 'missing' });
});

test('the waveform keeps the loudest of what falls under one bar', () => {
  expect(barHeights([0, 100, 50, 200], 2)).toEqual([0.5, 1]);
  expect(barHeights([10, 20], 4)).toEqual([0.5, 0.5, 1, 1]);
});
