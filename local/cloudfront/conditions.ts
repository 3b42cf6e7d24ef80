import { headerOf, type EdgeHeaders, type EdgeRequest, type EdgeResponse } from './edge-message.ts';

const NOTHING = Buffer.alloc(0);
// What a 304 must not repeat.
const ABOUT_THE_BODY = ['content-length', 'content-type', 'content-encoding', 'content-range', 'content-language'];

/** Turns a whole answer into what the viewer asked for: not modified, a range, or headers alone. */
export function answerConditions(request: EdgeRequest, response: EdgeResponse): EdgeResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') return response;
  if ([200, 206].includes(response.status) && isUnchanged(request.headers, response.headers)) {
    dismiss(response);
    return { status: 304, headers: without(response.headers, ABOUT_THE_BODY), body: NOTHING };
  }
  if (request.method === 'HEAD') {
    dismiss(response);
    return { ...response, body: NOTHING };
  }
  const { range } = request.headers;
  if (range === undefined || response.status !== 200 || !Buffer.isBuffer(response.body)) return response;
  const validator = request.headers['if-range'];
  if (
    validator !== undefined &&
    validator !== headerOf(response.headers, 'etag') &&
    validator !== headerOf(response.headers, 'last-modified')
  )
    return response;
  return rangeOf(range, response, response.body);
}

function isUnchanged(asked: Readonly<Record<string, string>>, headers: Readonly<EdgeHeaders>): boolean {
  const known = asked['if-none-match'];
  const etag = headerOf(headers, 'etag');
  if (known !== undefined)
    return etag !== undefined && (known.trim() === '*' || known.split(',').some((each) => weak(each) === weak(etag)));
  const since = Date.parse(asked['if-modified-since'] ?? '');
  const modified = Date.parse(headerOf(headers, 'last-modified') ?? '');
  return modified <= since;
}

function weak(etag: string): string {
  return etag.trim().replace(/^W\//, '');
}

function rangeOf(range: string, response: EdgeResponse, body: Buffer): EdgeResponse {
  const size = body.byteLength;
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  // Several ranges at once and other units: the whole object is a right answer to them.
  if (match === null || (match[1] === '' && match[2] === '')) return response;
  const [, from = '', to = ''] = match;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end) {
    return {
      status: 416,
      headers: { ...without(response.headers, ABOUT_THE_BODY), 'content-range': `bytes */${size}`, 'content-length': '0' },
      body: NOTHING,
    };
  }
  const part = body.subarray(start, end + 1);
  return {
    status: 206,
    headers: { ...response.headers, 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': String(part.byteLength) },
    body: part,
  };
}

function dismiss({ body }: EdgeResponse): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}

function without(headers: Readonly<EdgeHeaders>, names: readonly string[]): EdgeHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
