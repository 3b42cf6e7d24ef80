import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { S3Context } from './s3-context.ts';
import type { ByteRange } from './byte-range.ts';
import type { Piece } from './object-table.ts';

/** A body on disk that no object refers to yet. */
export interface StoredBody {
  readonly piece: Piece;
  /** Hexadecimal: the ETag. */
  readonly md5: string;
}

/** Streams a body to disk. What it is refused for later is removed by `discard`. */
export async function storeBody({ cloud }: S3Context, body: unknown): Promise<StoredBody> {
  const md5 = createHash('md5');
  const source = Readable.from(hashed(readableOf(body), md5), { objectMode: false });
  const { id, sizeBytes } = await cloud.store.blobs.write(source);
  return { piece: { blob: id, sizeBytes }, md5: md5.digest('hex') };
}

/**
 * Runs a write that makes an object of a stored body; when it is refused, the body is removed.
 * @throws whatever `change` throws
 */
export function writeWithBody<T>({ cloud, lifetimes }: S3Context, { piece }: StoredBody, change: () => T): T {
  try {
    return cloud.store.write(change);
  } catch (error) {
    lifetimes.remove(piece.blob);
    throw error;
  }
}

/** Reads an object's bytes across its pieces; the blobs stay until the stream is closed. */
export function readPieces({ cloud, lifetimes }: S3Context, pieces: readonly Piece[], range?: ByteRange): Readable {
  const letGo = lifetimes.hold(pieces.map((piece) => piece.blob));
  const stream = Readable.from(bytesOf(), { objectMode: false, highWaterMark: 256 * 1024 });
  stream.once('close', letGo);
  return stream;

  async function* bytesOf(): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { blob, sizeBytes } of pieces) {
      const start = Math.max(0, (range?.start ?? 0) - offset);
      const end = Math.min(sizeBytes - 1, (range?.end ?? Infinity) - offset);
      offset += sizeBytes;
      if (start <= end) yield* cloud.store.blobs.read(blob, { start, end }) as AsyncIterable<Buffer>;
    }
  }
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: { update(chunk: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function readableOf(body: unknown): AsyncIterable<Uint8Array> {
  if (body instanceof Readable) return body;
  if (body === undefined || body === '') return Readable.from([]);
  if (typeof body === 'string') return Readable.from([Buffer.from(body)]);
  if (body instanceof Uint8Array) return Readable.from([body]);
  throw new TypeError('Body must be a Readable, a Uint8Array or a string');
}
