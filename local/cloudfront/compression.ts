import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { EdgeHeaders } from './edge-message.ts';
import { headerOf } from './edge-message.ts';
import type { CachePolicy } from './policies/cache-policy.ts';

// Sizes between which CloudFront compresses (developer guide, "Serve compressed files").
const SMALLEST_BYTES = 1000;
/** The largest object that CloudFront compresses, in bytes. */
export const LARGEST_COMPRESSED_BYTES = 10_000_000;

// The guide's list without the fonts' older names.
const COMPRESSED_TYPES = new Set([
  ...['dash+xml', 'font', 'javascript', 'json', 'opentype', 'otf', 'pdf', 'protobuf', 'rss+xml', 'truetype', 'ttf'].map(
    (type) => `application/${type}`,
  ),
  ...['vnd.apple.mpegurl', 'x-mpegurl', 'wasm', 'xhtml+xml', 'xml', 'x-javascript'].map((type) => `application/${type}`),
  ...['css', 'csv', 'html', 'javascript', 'js', 'plain', 'richtext', 'tab-separated-values', 'xml'].map((type) => `text/${type}`),
  ...['eot', 'opentype', 'otf', 'ttf'].map((type) => `font/${type}`),
  'image/svg+xml',
  'vnd.apple.mpegurl',
]);

export type Encoding = 'br' | 'gzip' | 'identity';

/** The encoding for a viewer: part of the cache key, brotli before gzip, and none for ranges, which count bytes of the object as it is. */
export function chooseEncoding(policy: CachePolicy, requestHeaders: Readonly<Record<string, string>>): Encoding {
  if (requestHeaders['range'] !== undefined) return 'identity';
  const accepted = (requestHeaders['accept-encoding'] ?? '').split(',').flatMap((entry) => {
    const [name = '', weight = ''] = entry
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return Number(weight === '' ? 1 : weight) > 0 ? [name] : [];
  });
  if (policy.brotli && accepted.includes('br')) return 'br';
  return policy.gzip && accepted.includes('gzip') ? 'gzip' : 'identity';
}

/** Whether CloudFront compresses an answer of this status, these headers and this size. */
export function isCompressible(status: number, headers: Readonly<EdgeHeaders>, sizeBytes: number): boolean {
  const type = headerOf(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    [200, 403, 404].includes(status) &&
    headers['content-encoding'] === undefined &&
    COMPRESSED_TYPES.has(type) &&
    sizeBytes >= SMALLEST_BYTES &&
    sizeBytes <= LARGEST_COMPRESSED_BYTES
  );
}

/** The body and headers as compressed: a strong ETag becomes weak, since the bytes are no longer the origin's. */
export async function compress(
  body: Buffer,
  headers: Readonly<EdgeHeaders>,
  encoding: 'br' | 'gzip',
): Promise<{ body: Buffer; headers: EdgeHeaders }> {
  const compressed =
    encoding === 'gzip'
      ? await promisify(gzip)(body)
      : // Quality 11 is the default and takes seconds for a long transcript.
        await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  const etag = headerOf(headers, 'etag');
  return {
    body: compressed,
    headers: {
      ...headers,
      'content-encoding': encoding,
      'content-length': String(compressed.byteLength),
      vary: [headers['vary'], 'Accept-Encoding'].flat().filter(Boolean).join(', '),
      ...(etag === undefined ? {} : { etag: etag.startsWith('W/') ? etag : `W/${etag}` }),
    },
  };
}
