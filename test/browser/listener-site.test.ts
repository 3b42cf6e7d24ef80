import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { publishedSample } from '../support/published-sample.ts';
import { launchChromium, playsPast, soundOf } from './chromium.ts';

const require = createRequire(import.meta.url);
let sample: Awaited<ReturnType<typeof publishedSample>>;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launchChromium();
  sample = await publishedSample();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await sample?.stop();
});

beforeEach(async () => {
  errors = [];
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.text().includes('Content Security Policy') && errors.push(message.text()));
});

afterEach(async () => {
  expect(errors).toEqual([]);
  await page.close();
});

const sermonUrl = (parameters = '') => `${sample.siteUrl}/sermons/${sample.sermonId}${parameters}`;

async function openSermon(parameters = ''): Promise<void> {
  await page.goto(sermonUrl(parameters));
  await page.waitForSelector('.segment');
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** A word of the sample that is said once, and that the transcript has at its time. */
async function knownWord() {
  const { segments } = await (await fetch(`${sample.siteUrl}/v1/sermons/${sample.sermonId}/transcript`)).json();
  const all = segments.flatMap(({ words }: { words: { text: string; startSeconds: number }[] }) => words);
  for (const { text, startSeconds } of sample.words) {
    const heard = all.filter((word: { text: string }) => plain(word.text) === plain(text));
    const [only] = heard;
    if (plain(text).length < 5 || heard.length !== 1 || startSeconds < 3 || Math.abs(only.startSeconds - startSeconds) > 1) continue;
    const sentence = segments.find((segment: { words: unknown[] }) => segment.words.includes(only));
    return { text: only.text, query: plain(text), startSeconds, sentenceSeconds: Number(sentence.startSeconds) };
  }
  throw new Error('no word of the sample is said once and heard right');
}

test.each(['native', 'hlsjs'])('a sermon plays by the engine %s, and its sound is decoded', async (engine) => {
  await openSermon(`?engine=${engine}`);
  await page.click('.primary');
  await playsPast(page, 1);
  const { source } = await soundOf(page);
  expect(source.startsWith('blob:')).toBe(engine === 'hlsjs');
});

test('every rendition plays natively and by hls.js', async () => {
  const { stream } = await (await fetch(`${sample.siteUrl}/v1/sermons/${sample.sermonId}`)).json();
  const playlist = new URL(stream, sample.siteUrl);
  const lines = (await (await fetch(playlist)).text()).split('\n');
  const renditions = lines
    .filter((_, index) => lines[index - 1]?.startsWith('#EXT-X-STREAM-INF'))
    .map((line) => new URL(line.trim(), playlist).href);
  expect(renditions).toHaveLength(3);
  const bare = await browser.newPage({ bypassCSP: true });
  await bare.goto(`${sample.siteUrl}/index.html`);
  await bare.addScriptTag({ path: require.resolve('hls.js/dist/hls.light.min.js') });
  for (const rendition of renditions) {
    for (const engine of ['native', 'hlsjs']) {
      await bare.evaluate(
        ([address, by]) => {
          document.querySelector('audio')?.remove();
          const audio = document.body.appendChild(document.createElement('audio'));
          const Hls = Reflect.get(globalThis, 'Hls');
          if (by === 'native') audio.src = address ?? '';
          else {
            const hls = new Hls();
            hls.loadSource(address);
            hls.attachMedia(audio);
          }
          void audio.play();
        },
        [rendition, engine],
      );
      await playsPast(bare, 0.5);
    }
  }
  await bare.close();
});

test('the transcript follows: the marked word is the one being said', async () => {
  const { text, startSeconds } = await knownWord();
  await openSermon(`?t=${(startSeconds - 2).toFixed(1)}s`);
  await page.click('.primary');
  // The mark reaches the word and shows it at its time, a second more or less.
  const shownAt = await page.waitForFunction(
    (word) => {
      const highlight = CSS.highlights.get('spoken');
      const [range] = highlight === undefined ? [] : [...highlight];
      return range instanceof Range && range.toString() === word && document.querySelector('.segment.current')?.textContent?.includes(word)
        ? document.querySelector('audio')?.currentTime
        : false;
    },
    text,
    { timeout: 20_000, polling: 50 },
  );
  expect(Math.abs(Number(await shownAt.jsonValue()) - startSeconds)).toBeLessThan(1);
});

test('a click on a word plays from that word, and the text stays where a reader scrolled it', async () => {
  const { text, startSeconds } = await knownWord();
  await openSermon();
  const place = await page.evaluate((word) => {
    for (const segment of document.querySelectorAll('.segment')) {
      const node = [...segment.childNodes].find((child) => child instanceof Text && child.data.includes(word));
      if (!(node instanceof Text)) continue;
      segment.scrollIntoView({ block: 'center', behavior: 'instant' });
      const range = new Range();
      range.setStart(node, node.data.indexOf(word));
      range.setEnd(node, node.data.indexOf(word) + word.length);
      const { left, top, width, height } = range.getClientRects()[0] ?? range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    throw new Error(`the word ${word} is not on the page`);
  }, text);
  await page.mouse.click(place.x, place.y);
  await playsPast(page, startSeconds - 1);
  expect(Math.abs((await soundOf(page)).seconds - startSeconds)).toBeLessThan(2);
  const follow = page.locator('.transcript-tools input[type=checkbox]');
  expect(await follow.isChecked()).toBe(true);
  await page.mouse.wheel(0, 200);
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.transcript-tools input[type=checkbox]')?.checked === false);
});

test('a search hit starts playing within a second of the sentence in which it was said, and plays on across pages', async () => {
  const { query, sentenceSeconds } = await knownWord();
  await page.goto(`${sample.siteUrl}/`);
  await page.fill('#library-search', query);
  await page.press('#library-search', 'Enter');
  await page.waitForSelector('.hit mark');
  await page.evaluate(() =>
    document
      .querySelector('audio')
      ?.addEventListener(
        'playing',
        ({ target }) => Reflect.set(globalThis, 'landed', target instanceof HTMLAudioElement ? target.currentTime : -1),
        { once: true },
      ),
  );
  await page.click('.hit button');
  await page.waitForFunction(() => Reflect.has(globalThis, 'landed'));
  expect(Math.abs((await page.evaluate(() => Number(Reflect.get(globalThis, 'landed')))) - sentenceSeconds)).toBeLessThan(1);
  await page.click('.hit a');
  await page.waitForSelector('.segment');
  await page.click('.brand');
  await page.waitForSelector('.card');
  await playsPast(page, sentenceSeconds + 0.5);
});

test('when HLS is lost on the way, the MP3 goes on from the same place at the same speed', async () => {
  let segments = 0;
  await page.route(/\.(aac|ts|m4s)$/, (route) => (segments++ < 3 ? route.continue() : route.fulfill({ status: 503 })));
  await openSermon();
  await page.selectOption('player-bar select', '2');
  await page.click('.primary');
  await page.waitForFunction(() => document.querySelector('audio')?.src.endsWith('.mp3'), undefined, { timeout: 40_000 });
  const { seconds: lostAt } = await page
    .waitForFunction(() => (document.querySelector('audio')?.readyState ?? 0) > 2)
    .then(() => soundOf(page));
  expect(lostAt).toBeGreaterThan(5);
  await playsPast(page, lostAt + 2);
  expect((await soundOf(page)).rate).toBe(2);
});

test('one failed request does not stop the sermon', async () => {
  let failures = 0;
  await page.route(/\.(aac|ts|m4s)$/, (route) => (failures++ === 1 ? route.fulfill({ status: 503 }) : route.continue()));
  await openSermon();
  await page.click('.primary');
  await page.evaluate(() => {
    const audio = document.querySelector('audio');
    if (audio !== null) audio.playbackRate = 4;
  });
  await playsPast(page, 13);
  expect(failures).toBeGreaterThan(2);
});

test('keys, the link to a moment, and coming back', async () => {
  await openSermon('?t=0m6s');
  await page.keyboard.press('k');
  await playsPast(page, 6);
  await page.keyboard.press('l');
  await playsPast(page, 36);
  await page.keyboard.press('>');
  expect((await soundOf(page)).rate).toBe(1.25);
  await page.keyboard.press('j');
  await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 99) < 34);
  await page.keyboard.press(' ');
  await page.waitForFunction(() => document.querySelector('audio')?.paused);
  const { seconds } = await soundOf(page);
  await page.fill('#find', 'k');
  expect((await soundOf(page)).isPaused).toBe(true);
  await openSermon();
  await page.waitForFunction((left) => Math.abs((document.querySelector('audio')?.currentTime ?? 0) - left) < 1, seconds);
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)('axe finds nothing in %s at %d px, and nothing scrolls sideways', async (colorScheme, width) => {
  const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 800 } });
  const shown = await context.newPage();
  const { query } = await knownWord();
  for (const path of ['/', `/sermons/${sample.sermonId}`, `/search?q=${query}`, '/sermons/none', '/nowhere']) {
    await shown.goto(`${sample.siteUrl}${path}`);
    await shown.waitForSelector('.card, .segment, .hit, main h1 + p');
    await shown.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
    const violations = await shown.evaluate(async () => {
      const axe = Reflect.get(globalThis, 'axe');
      const results = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return results.violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
    });
    expect({ path, violations }).toEqual({ path, violations: [] });
    const overflow = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect({ path, overflow }).toEqual({ path, overflow: 0 });
  }
  await context.close();
});

test('text comes compressed, and sermons have a title that a link can show', async () => {
  const seen = new Map<string, string | undefined>();
  page.on('response', (response) =>
    seen.set(new URL(response.url()).pathname.replace(/^.*\.(\w+)$/, '$1'), response.headers()['content-encoding']),
  );
  await openSermon();
  expect(seen.get('js')).toMatch(/^(gzip|br)$/);
  expect(seen.get('css')).toMatch(/^(gzip|br)$/);
  expect(seen.get(`/v1/sermons/${sample.sermonId}/transcript`)).toMatch(/^(gzip|br)$/);
  expect(await page.title()).toMatch(/ · Pulpit$/);
});
