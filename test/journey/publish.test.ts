import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { publishingMs } from '../support/journey-cloud.ts';
import { publishedSample, type PublishedSample } from '../support/published-sample.ts';

let sample: PublishedSample;
let sermon: { stream: string; audio: string; captions: string; durationSeconds: number; title: string; status: string };

const get = (path: string): Promise<Response> => fetch(new URL(path, sample.siteUrl));

beforeAll(async () => {
  sample = await publishedSample();
  sermon = (await (await get(`/v1/sermons/${sample.sermonId}`)).json()) as typeof sermon;
}, publishingMs);

afterAll(() => sample?.stop());

test('a recording that lands in the uploads bucket is published', () => {
  expect(sermon.status).toBe('published');
  expect(sermon.durationSeconds).toBeGreaterThan(60);
});

test('the library lists it', async () => {
  const { items } = (await (await get('/v1/sermons')).json()) as { items: { id: string; title: string; status: string }[] };
  expect(items).toContainEqual(expect.objectContaining({ id: sample.sermonId, status: 'published', title: sermon.title }));
});

test('the multivariant playlist names three renditions whose segments add up to the recording', async () => {
  const playlist = await (await get(sermon.stream)).text();
  const renditions = playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(renditions).toHaveLength(3);
  for (const rendition of renditions) {
    const media = await (await get(join(sermon.stream, '..', rendition))).text();
    const seconds = [...media.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, duration]) => sum + Number(duration), 0);
    expect(Math.abs(seconds - sermon.durationSeconds)).toBeLessThan(0.1);
  }
});

test('each rendition declares at least the peak bandwidth that its segments have', async () => {
  const playlist = await (await get(sermon.stream)).text();
  const pairs = [...playlist.matchAll(/#EXT-X-STREAM-INF:.*?BANDWIDTH=(\d+).*\n(.+)/g)];
  expect(pairs).toHaveLength(3);
  for (const [, bandwidth, rendition] of pairs) {
    const media = await (await get(join(sermon.stream, '..', String(rendition)))).text();
    const segments = [...media.matchAll(/#EXTINF:([\d.]+),?.*\n(.+)/g)];
    for (const [, seconds, name] of segments) {
      const { byteLength } = await (await get(join(sermon.stream, '..', String(name)))).arrayBuffer();
      expect((byteLength * 8) / Number(seconds)).toBeLessThanOrEqual(Number(bandwidth));
    }
  }
});

test('the transcript has word times and confidences, and the captions carry its words', async () => {
  const transcript = (await (await get(`/v1/sermons/${sample.sermonId}/transcript`)).json()) as {
    draft: boolean;
    segments: { words: { text: string; startSeconds: number; endSeconds: number; confidence: number }[] }[];
  };
  const words = transcript.segments.flatMap((segment) => segment.words);
  expect(words.length).toBeGreaterThan(100);
  expect(transcript.draft).toBe(true);
  for (const { startSeconds, endSeconds, confidence } of words) {
    expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
  const captions = await (await get(sermon.captions)).text();
  expect(captions).toMatch(/^WEBVTT/);
  expect(captions.toLowerCase()).toContain(words[3]?.text.toLowerCase().replaceAll(/\W+$/g, ''));
});

test('what was said can be found, and the hit starts within a second of where it was said', async () => {
  const sentence = sample.sentences.find(({ words }) => words.length >= 6);
  const query = sentence?.words
    .slice(0, 6)
    .map(({ text }) => text)
    .join(' ');
  const answer = await get(`/v1/search?q=${encodeURIComponent(query ?? '')}`);
  const { items } = (await answer.json()) as { items: { sermonId: string; startSeconds: number }[] };
  expect(items[0]?.sermonId).toBe(sample.sermonId);
  expect(Math.abs((items[0]?.startSeconds ?? Infinity) - (sentence?.startSeconds ?? 0))).toBeLessThan(1);
});
