import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members } from '../../gateway/service.ts';
import { decodeAwsChunked } from './aws-chunked.ts';

const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

interface Digest {
  update(chunk: Uint8Array): void;
  base64(): string;
}

/**
 * The checksums that are verified, by the end of their header's name. CRC32 is what the SDK for JavaScript sends unless told
 * otherwise. CRC32C, CRC64NVME and the XXH family are accepted unverified and are not kept.
 */
const DIGESTS: Readonly<Record<string, { readonly member: string; create(): Digest }>> = {
  crc32: { member: 'ChecksumCRC32', create: crc32Digest },
  sha1: { member: 'ChecksumSHA1', create: () => hashDigest('sha1') },
  sha256: { member: 'ChecksumSHA256', create: () => hashDigest('sha256') },
};

/**
 * The request's body as the sender meant it: framing removed, and length, Content-MD5, SigV4 body hash and checksum
 * verified before the stream ends, so that a body which does not match is never stored. A verified checksum becomes a
 * member of `input` once the stream has ended.
 */
export function requestBody(request: IncomingMessage, input: Members): Readable {
  const bodyHash = String(request.headers['x-amz-content-sha256'] ?? '');
  if (bodyHash.startsWith('STREAMING-') && bodyHash !== UNSIGNED_CHUNKS) {
    throw new AwsError('NotImplemented', `the local cloud takes streamed bodies as ${UNSIGNED_CHUNKS}, not as ${bodyHash}`, 501);
  }
  const trailers = new Map<string, string>();
  // Without destroyOnReturn a refused body would take the connection with it, and the answer.
  const raw = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const plain = bodyHash === UNSIGNED_CHUNKS ? decodeAwsChunked(raw, trailers) : raw;
  return Readable.from(verified(plain, request, bodyHash, trailers, input), { objectMode: false });
}

async function* verified(
  body: AsyncIterable<Buffer>,
  request: IncomingMessage,
  bodyHash: string,
  trailers: ReadonlyMap<string, string>,
  input: Members,
): AsyncGenerator<Buffer> {
  const { headers } = request;
  const md5 = headers['content-md5'] === undefined ? undefined : hashDigest('md5');
  const sha256 = /^[0-9a-f]{64}$/.test(bodyHash) ? createHash('sha256') : undefined;
  const checksum = checksumOf(headers);
  const digest = checksum?.digest.create();
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    md5?.update(chunk);
    sha256?.update(chunk);
    digest?.update(chunk);
    yield chunk;
  }
  const expectedLength = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (!request.complete || (expectedLength !== undefined && Number(expectedLength) !== length)) {
    throw new AwsError(
      'IncompleteBody',
      `You did not provide the number of bytes specified by the Content-Length HTTP header: ${length} came`,
    );
  }
  if (md5 !== undefined && md5.base64() !== headers['content-md5']) throw badDigest('Content-MD5');
  if (sha256 !== undefined && sha256.digest('hex') !== bodyHash) {
    throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  if (checksum === undefined || digest === undefined) return;
  const sent = headers[checksum.header] ?? trailers.get(checksum.header);
  const computed = digest.base64();
  if (sent !== computed) throw badDigest(checksum.digest.member.replace('Checksum', ''));
  input[checksum.digest.member] = computed;
}

/** The checksum that a header or an announced trailer carries, if it is one that is verified. */
function checksumOf(
  headers: IncomingMessage['headers'],
): { readonly header: string; readonly digest: (typeof DIGESTS)[string] } | undefined {
  const announced = String(headers['x-amz-trailer'] ?? '').toLowerCase();
  for (const [name, digest] of Object.entries(DIGESTS)) {
    const header = `x-amz-checksum-${name}`;
    if (headers[header] !== undefined || announced.split(',').some((trailer) => trailer.trim() === header)) return { header, digest };
  }
  return undefined;
}

function badDigest(what: string): AwsError {
  return new AwsError('BadDigest', `The ${what} you specified did not match the calculated checksum.`);
}

function hashDigest(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), base64: () => hash.digest('base64') };
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    base64() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
