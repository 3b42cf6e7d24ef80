import type { Encoding } from './compression.ts';
import type { Behaviour } from './distribution.ts';
import type { EdgeRequest } from './edge-message.ts';
import { pairs } from './pairs.ts';
import { means } from './policies/named-values.ts';

// CloudFront itself sets or drops these (developer guide, "HTTP request headers and CloudFront behavior").
const NEVER_FORWARDED = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-real-ip',
];

/** What tells answers apart: the path, what the cache policy names, and the encoding. Only GET and HEAD are kept, and share an answer. */
export function cacheKey({ path, query, headers }: EdgeRequest, { config, cachePolicy }: Behaviour, encoding: Encoding): string {
  const named = Object.entries(headers).filter(([name]) => name !== 'cookie' && means(cachePolicy.headers, name, true));
  return JSON.stringify([
    config.pathPattern,
    path,
    pairs(query, '&').filter(([name]) => means(cachePolicy.queryStrings, name)),
    named.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    pairs(headers['cookie'] ?? '', ';').filter(([name]) => means(cachePolicy.cookies, name)),
    encoding,
  ]);
}

/** The request as the origin gets it: what the cache policy and the origin request policy name, and CloudFront's own headers. */
export function originRequest(request: EdgeRequest, behaviour: Behaviour, encoding: Encoding): EdgeRequest {
  const { cachePolicy, originRequestPolicy } = behaviour;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (NEVER_FORWARDED.includes(name) || name === 'cookie' || name === 'accept-encoding') continue;
    if (means(cachePolicy.headers, name, true) || means(originRequestPolicy.headers, name, true)) headers[name] = value;
  }
  // A viewer's body, range and validators concern the object itself, whatever the policies say.
  for (const name of ['content-type', 'content-length', 'range', 'if-none-match', 'if-modified-since', 'if-range']) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const cookies = pairs(request.headers['cookie'] ?? '', ';').filter(
    ([name]) => means(cachePolicy.cookies, name) || means(originRequestPolicy.cookies, name),
  );
  if (cookies.length > 0) headers['cookie'] = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
  const query = request.query
    .split('&')
    .filter(
      (pair) => pair !== '' && [cachePolicy, originRequestPolicy].some((policy) => means(policy.queryStrings, pair.split('=')[0] ?? '')),
    );
  headers['user-agent'] ??= 'Amazon CloudFront';
  headers['via'] = '1.1 cloudfront.net (CloudFront)';
  if (encoding !== 'identity') headers['accept-encoding'] = encoding === 'br' ? 'br,gzip' : 'gzip';
  return { ...request, headers: { ...headers, ...behaviour.originHeaders }, query: query.join('&') };
}
