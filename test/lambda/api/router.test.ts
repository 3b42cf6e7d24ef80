import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { answerRequest, type ApiPorts, createRouter } from '../../../lambda/api/router.ts';
import type { SermonRow } from '../../../lambda/shared/catalogue-rows.ts';

const row = (sermonId: string, more: Partial<SermonRow> = {}): SermonRow => ({
  pk: `sermon#${sermonId}`,
  sermonId,
  uploadKey: `uploads/${sermonId}.mp3`,
  newestVersion: '01',
  status: 'processing',
  listing: 'processing',
  listedAt: '2026-11-22T10:00:00.000Z',
  title: 'Grace',
  ...more,
});
const published = (sermonId: string, more: Partial<SermonRow> = {}): SermonRow =>
  row(sermonId, {
    status: 'published',
    listing: 'published',
    publishedVersion: '01',
    publishedRevision: 0,
    durationSeconds: 98.5,
    hasSpeech: true,
    language: 'en-US',
    ...more,
  });

/** An API over these sermons. */
function api(rows: readonly SermonRow[], more: Partial<ApiPorts> = {}) {
  const logged: string[] = [];
  const router = createRouter({
    list: async (statuses, after, limit) => {
      const listed = rows.filter(({ status }) => statuses.includes(status));
      return listed.slice(after === undefined ? 0 : listed.findIndex(({ sermonId }) => sermonId === after.sermonId) + 1).slice(0, limit);
    },
    sermon: async (sermonId) => rows.find((candidate) => candidate.sermonId === sermonId),
    transcript: async ({ version }) => JSON.stringify({ language: 'en-US', draft: true, segments: [], version }),
    search: async ({ offset }) => ({ items: [], nextOffset: offset + 20 }),
    logger: { error: (message) => logged.push(message), warn: () => undefined, debug: () => undefined },
    ...more,
  });
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const event: Partial<APIGatewayProxyEventV2> = {
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString,
      headers: { host: 'api.example.org', ...headers },
      isBase64Encoded: false,
    };
    const requestContext = {
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      domainName: 'api.example.org',
    };
    const answer = await answerRequest(router, { ...event, requestContext } as APIGatewayProxyEventV2, {} as Context);
    const body: unknown = answer.body ? JSON.parse(answer.body) : undefined;
    return { status: answer.statusCode, headers: answer.headers ?? {}, body };
  };
  return { get, logged };
}

test('the library lists what a listener may see, without what the row keeps for itself', async () => {
  const { get } = api([published('a', { preacher: 'The preacher' }), row('b')]);
  expect(await get('/v1/sermons')).toMatchObject({
    status: 200,
    body: {
      items: [
        { id: 'a', status: 'published', title: 'Grace', preacher: 'The preacher', durationSeconds: 98.5 },
        { id: 'b', status: 'processing', title: 'Grace' },
      ],
      next: null,
    },
  });
  const failed = row('c', {
    status: 'failed',
    latestRun: { version: '01', revision: 0, executionName: 'x', executionArn: 'arn:x', status: 'failed', error: 'TooShortError' },
  });
  expect((await api([failed]).get('/v1/sermons')).body).toMatchObject({ items: [{ id: 'c', status: 'failed', error: 'TooShortError' }] });
  expect((await get('/v1/sermons?status=processing')).body).toMatchObject({ items: [{ id: 'b' }] });
});

test('following `next` gives every sermon once, and a cursor of another list is refused', async () => {
  const { get } = api(['a', 'b', 'c'].map((id) => published(id)));
  const first = (await get('/v1/sermons?limit=2')).body as { items: { id: string }[]; next: string };
  const second = (await get(`/v1/sermons?limit=2&cursor=${first.next}`)).body as { items: { id: string }[]; next: null };
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(second.next).toBeNull();
  expect((await get(`/v1/sermons?limit=2&status=failed&cursor=${first.next}`)).status).toBe(400);
  expect((await get('/v1/sermons?cursor=nonsense')).status).toBe(400);
});

test('a published sermon tells where to play it; a processing one does not', async () => {
  const { get } = api([
    published('a', {
      latestRun: {
        version: '02',
        revision: 0,
        executionName: 'x',
        executionArn: 'arn:x',
        status: 'failed',
        error: 'NoAudioTrackError',
        message: 'no sound',
      },
    }),
    row('b'),
  ]);
  expect((await get('/v1/sermons/a')).body).toEqual({
    id: 'a',
    status: 'published',
    title: 'Grace',
    durationSeconds: 98.5,
    hasSpeech: true,
    language: 'en-US',
    stream: '/sermons/a/01/0/hls/index.m3u8',
    audio: '/sermons/a/01/0/audio.mp3',
    waveform: '/sermons/a/01/0/waveform.json',
    captions: '/sermons/a/01/0/captions.vtt',
    transcript: '/v1/sermons/a/transcript',
    latestRun: { status: 'failed', error: 'NoAudioTrackError', message: 'no sound' },
  });
  expect((await get('/v1/sermons/b')).body).toEqual({ id: 'b', status: 'processing', title: 'Grace' });
});

test('the transcript is that of the published run, and a sermon without speech has none', async () => {
  const { get } = api([published('a', { publishedVersion: '07' }), published('silent', { hasSpeech: false })]);
  expect((await get('/v1/sermons/a/transcript')).body).toMatchObject({ draft: true, version: '07' });
  expect(await get('/v1/sermons/silent/transcript')).toMatchObject({ status: 404, body: { title: 'No transcript' } });
});

test('who has an answer already is told so by 304, also when CloudFront made its ETag weak', async () => {
  const { get } = api([published('a')]);
  const first = await get('/v1/sermons/a');
  expect(first.headers).toMatchObject({ 'cache-control': expect.stringMatching(/^public, max-age=/) });
  for (const tag of [String(first.headers['etag']), `W/${String(first.headers['etag'])}`]) {
    expect(await get('/v1/sermons/a', { 'if-none-match': tag })).toMatchObject({ status: 304, body: undefined });
  }
  expect((await get('/v1/sermons/a', { 'if-none-match': '"other"' })).status).toBe(200);
});

test.each([
  ['an unknown address', '/v1/nothing', 404],
  ['an address above the API', '/', 404],
  ['an unknown sermon', '/v1/sermons/none', 404],
  ['a broken percent-encoding', '/v1/sermons/%zz', 400],
  ['an unknown status', '/v1/sermons?status=lost', 400],
  ['a page that is too large', '/v1/sermons?limit=1000', 400],
  ['a search for nothing', '/v1/search?q=+', 400],
  ['an unknown view', '/v1/search?q=grace&view=words', 400],
])('%s is answered with a problem document', async (_, path, status) => {
  const answer = await api([]).get(path);
  expect(answer).toMatchObject({
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: { type: 'about:blank', status, title: expect.any(String), detail: expect.any(String), instance: path.split('?')[0] },
  });
});

test('a fault of ours is logged and its reason stays here', async () => {
  const { get, logged } = api([], { sermon: () => Promise.reject(new Error('table arn:secret is gone')) });
  const answer = await get('/v1/sermons/a');
  expect(answer).toMatchObject({ status: 500, headers: { 'content-type': 'application/problem+json' } });
  expect(JSON.stringify(answer.body)).not.toContain('secret');
  expect(logged).toEqual(['request failed']);
});

test.each(['/v1/sermons', '/v1/sermons/a', '/v1/sermons/a/transcript', '/v1/search?q=grace', '/v1/nothing'])(
  'HEAD %s is answered as GET is, without the body',
  async (path) => {
    const { get } = api([published('a')]);
    const whole = await get(path);
    expect(whole.body).toBeDefined();
    expect(await get(path, {}, 'HEAD')).toEqual({ ...whole, body: undefined });
  },
);

test('nothing but GET and HEAD is answered', async () => {
  expect((await api([]).get('/v1/sermons', {}, 'POST')).status).toBe(404);
});

test('a search hands on its words and its page, and says when meaning could not be asked', async () => {
  const asked: unknown[] = [];
  const { get } = api([], {
    search: async (request) => {
      asked.push(request);
      return { items: [], nextOffset: request.offset + request.limit, degraded: 'keyword-only' };
    },
  });
  const first = (await get('/v1/search?q=eternal+life&limit=5')).body as { next: string; degraded: string };
  await get(`/v1/search?q=eternal+life&limit=5&cursor=${first.next}`);
  expect(first.degraded).toBe('keyword-only');
  expect(asked).toEqual([
    { query: 'eternal life', view: 'moments', offset: 0, limit: 5 },
    { query: 'eternal life', view: 'moments', offset: 5, limit: 5 },
  ]);
});
