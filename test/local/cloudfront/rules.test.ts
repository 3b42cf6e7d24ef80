import { expect, test } from '@jest/globals';
import { EdgeCache } from '../../../local/cloudfront/cache.ts';
import { pathPattern } from '../../../local/cloudfront/path-pattern.ts';
import { MANAGED_CACHE_POLICIES, timeToLiveSeconds, type CachePolicy } from '../../../local/cloudfront/policies/cache-policy.ts';

test.each([
  ['sermons/*/*/*', '/sermons/a/1/hls/index.m3u8', true],
  ['sermons/*/*/*', '/sermons/a', false],
  ['/v1/*', '/v1/sermons', true],
  ['*.jpg', '/a/b.jpg', true],
  ['a?c.html', '/abc.html', true],
  ['a?c.html', '/ac.html', false],
  ['*', '/', true],
])('the pattern %s on %s is %s', (pattern, path, expected) => {
  expect(pathPattern(pattern)(path)).toBe(expected);
});

test.each([
  ['max-age=60', 60],
  ['max-age=60, s-maxage=5', 5],
  ['max-age=0', 1],
  ['no-store', 1],
  ['private, max-age=60', 1],
  ['max-age=99999999', 31_536_000],
  [undefined, 86_400],
])('CachingOptimized keeps an answer that says %s for %d s', (cacheControl, seconds) => {
  const policy: CachePolicy | undefined = MANAGED_CACHE_POLICIES['658327ea-f89d-4fab-a63d-7e88639e58f6'];
  if (policy === undefined) throw new Error('no such policy');
  expect(timeToLiveSeconds(policy, cacheControl, undefined, 0)).toBe(seconds);
});

test('the cache gives up what was used longest ago and stays within its size', () => {
  const cache = new EdgeCache(30);
  const answer = { status: 200, headers: {}, body: Buffer.alloc(10), keptAt: 0, freshUntil: 1000 };
  for (const key of ['a', 'b', 'c']) cache.set(key, answer);
  cache.get('a', 1);
  cache.set('d', answer);
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key, 1) !== undefined)).toEqual(['a', 'c', 'd']);
  expect(cache.get('a', 1000)).toBeUndefined();
});
