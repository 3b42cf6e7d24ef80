import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { buildSite } from '../../web/build.ts';

test('the site builds to the same bytes each time, with hls.js apart and nothing inline', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pulpit-site-'));
  try {
    await buildSite(join(folder, 'one'));
    await buildSite(join(folder, 'two'));
    const files = await readdir(join(folder, 'one', 'assets'));
    expect(await readdir(join(folder, 'two', 'assets'))).toEqual(files);
    expect(files.map((name) => name.replace(/-[A-Za-z0-9]{8}\./, '-HASH.')).toSorted()).toEqual([
      'app-HASH.js',
      'hls.light-HASH.js',
      'icon-HASH.svg',
      'site-HASH.css',
    ]);
    const page = await readFile(join(folder, 'one', 'index.html'), 'utf8');
    expect(await readFile(join(folder, 'two', 'index.html'), 'utf8')).toBe(page);
    // The content security policy allows neither inline scripts nor inline styles.
    expect(page).not.toMatch(/<style|style=|<script[^>]*>[^<]/);
    for (const [, name = ''] of page.matchAll(/\/assets\/([^"]+)"/g)) expect(files).toContain(name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ['/', '/index.html'],
  ['/sermons/a-0a1b2c3d', '/index.html'],
  ['/search', '/index.html'],
  ['/assets/app-1a2b3c4d.js', '/assets/app-1a2b3c4d.js'],
  ['/index.html', '/index.html'],
])('the edge turns %s into %s', async (uri, expected) => {
  const source = await readFile(new URL('../../web/edge/rewrite-to-index.js', import.meta.url), 'utf8');
  const context = vm.createContext({ event: { request: { uri } } });
  expect(vm.runInContext(`${source}; handler(event).uri`, context)).toBe(expected);
});
