import { createHash } from 'node:crypto';

/**
 * Answers JSON with an ETag of its content, or 304 where the client has it already.
 * @param maxAgeSeconds how long CloudFront and browsers may keep it
 */
export function cacheableJson(request: Request, json: string, maxAgeSeconds: number): Response {
  const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': `public, max-age=${maxAgeSeconds}` };
  if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(json, { status: 200, headers: { ...headers, 'content-type': 'application/json' } });
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2): CloudFront makes an ETag weak when it compresses. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}
