import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';

/** What a signed request says of itself, from its Authorization header or its presigned query. */
export interface SignedRequest {
  readonly accessKeyId: string;
  readonly service: string;
  /** Credential scope: `date/region/service/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  /** Life of a presigned URL; undefined for a signed header. */
  readonly expiresSeconds?: number;
}

// AWS refuses requests whose clock is more than 15 minutes off (SigV4 documentation).
const LARGEST_CLOCK_SKEW_MS = 15 * 60 * 1000;
// S3 presigned URLs live a week at most.
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600;

/**
 * Takes the signature out of a request; undefined when there is none.
 * @throws AwsError when there is one that cannot be read
 */
export function parseSignature(request: IncomingMessage): SignedRequest | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) return parseHeader(header, String(request.headers['x-amz-date'] ?? ''));
  const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
  if (searchParams.has('X-Amz-Signature')) return parseQuery(searchParams);
  return undefined;
}

function parseHeader(header: string, timestamp: string): SignedRequest {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(header.trim());
  if (match === null) throw new AwsError('IncompleteSignature', 'the Authorization header is not an AWS4-HMAC-SHA256 signature', 400);
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  return { ...parseCredential(credential), signedHeaders: signedHeaders.split(';'), signature, timestamp };
}

function parseQuery(query: URLSearchParams): SignedRequest {
  const expiresSeconds = Number(query.get('X-Amz-Expires'));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > LONGEST_EXPIRY_SECONDS) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      `X-Amz-Expires must be 1 to ${LONGEST_EXPIRY_SECONDS} seconds, got ${query.get('X-Amz-Expires')}`,
      400,
    );
  }
  return {
    ...parseCredential(query.get('X-Amz-Credential') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp: query.get('X-Amz-Date') ?? '',
    expiresSeconds,
  };
}

function parseCredential(credential: string): { readonly accessKeyId: string; readonly service: string; readonly scope: string } {
  const [accessKeyId, date, region, service, terminator] = credential.split('/');
  if (accessKeyId === undefined || service === undefined || terminator !== 'aws4_request') {
    throw new AwsError('IncompleteSignature', `the credential "${credential}" is not key/date/region/service/aws4_request`, 400);
  }
  return { accessKeyId, service, scope: `${date}/${region}/${service}/aws4_request` };
}

/**
 * Checks a signature against the caller's secret (AWS Signature Version 4).
 * @param bodyHash SHA-256 of the body in hex, where the caller did not say it in a header
 * @throws AwsError when the signature is wrong, too old, or expired
 */
export function verifySignature(request: IncomingMessage, signed: SignedRequest, secretAccessKey: string, bodyHash?: string): void {
  checkTime(signed);
  checkSignedHeaders(request, signed);
  // Only S3 gives no hash of the body, and only its presigned URLs leave the body open.
  const payloadHash = headerValue(request, 'x-amz-content-sha256') ?? bodyHash ?? 'UNSIGNED-PAYLOAD';
  const canonical = canonicalRequest(request, signed, payloadHash);
  const stringToSign = ['AWS4-HMAC-SHA256', signed.timestamp, signed.scope, sha256(canonical)].join('\n');
  const expected = createHmac('sha256', signingKey(secretAccessKey, signed.scope)).update(stringToSign).digest();
  const given = Buffer.from(signed.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AwsError(
      signed.service === 's3' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    );
  }
}

/** `host` and every `x-amz-` header must be signed, as AWS demands: an unsigned one could make another call of a presigned URL. */
function checkSignedHeaders(request: IncomingMessage, { service, signedHeaders }: SignedRequest): void {
  // The hash of the body is itself a line of what is signed.
  const owed = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256')];
  const unsigned = owed.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new AwsError(
    service === 's3' ? 'AccessDenied' : 'InvalidSignatureException',
    `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    403,
    service === 's3' ? { HeadersNotSigned: unsigned.join(', ') } : {},
  );
}

function checkTime({ timestamp, expiresSeconds }: SignedRequest): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null) throw new AwsError('IncompleteSignature', `the request's date "${timestamp}" is not YYYYMMDDTHHMMSSZ`, 400);
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const signedAt = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  const age = Date.now() - signedAt;
  if (expiresSeconds !== undefined && age > expiresSeconds * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403);
  if (age < -LARGEST_CLOCK_SKEW_MS || (expiresSeconds === undefined && age > LARGEST_CLOCK_SKEW_MS)) {
    throw new AwsError('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', 403);
  }
}

function canonicalRequest(request: IncomingMessage, signed: SignedRequest, payloadHash: string): string {
  const [rawPath, rawQuery] = splitOnce(request.url ?? '/', '?');
  const headers = signed.signedHeaders.map((name) => `${name}:${headerValue(request, name) ?? ''}\n`).join('');
  return [
    request.method,
    canonicalPath(rawPath, signed.service),
    canonicalQuery(rawQuery),
    headers,
    signed.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

// S3 signs the path encoded once, every other service encodes what is already encoded.
function canonicalPath(rawPath: string, service: string): string {
  return rawPath
    .split('/')
    .map((segment) => (service === 's3' ? uriEncode(decodeSafely(segment)) : uriEncode(segment)))
    .join('/');
}

function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => splitOnce(pair, '=').map((part) => uriEncode(decodeSafely(part))))
    .map(([name = '', value = '']) => [name, value] as const)
    .toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function headerValue(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value.join(',') : value).trim().replace(/ +/g, ' ');
}

function signingKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}

function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', `the request's path or query "${text.slice(0, 80)}" is not URL-encoded UTF-8`, 400);
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
