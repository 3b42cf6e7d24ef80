import { AwsError } from '../../gateway/aws-error.ts';

// A chunk header is a hexadecimal length; trailers are a few short lines.
const LONGEST_LINE_BYTES = 8 * 1024;

/**
 * Decodes `aws-chunked` framing, which the SDK puts around streamed bodies so that a checksum can follow them:
 * `<length in hex>\r\n<bytes>\r\n … 0\r\n<trailer>:<value>\r\n\r\n`. `trailers` is filled when the last chunk was read.
 * @throws AwsError IncompleteBody when the framing is broken or the body ends early
 */
export async function* decodeAwsChunked(source: AsyncIterable<Buffer>, trailers: Map<string, string>): AsyncGenerator<Buffer> {
  const reader = new FrameReader(source);
  for (;;) {
    // Extensions such as chunk-signature follow a semicolon; requests that sign chunks are refused before this.
    const header = await reader.line();
    const size = Number.parseInt(header, 16);
    if (!/^[0-9a-fA-F]+(;|$)/.test(header) || !Number.isSafeInteger(size)) throw incomplete(`"${header.slice(0, 40)}" is no chunk length`);
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than it says');
  }
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  // Only a request that was read to its end counts as complete.
  await reader.end();
}

class FrameReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line without its end; with `mayEnd`, the end of the body counts as an empty line. */
  async line(mayEnd = false): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#rest.subarray(0, end).toString('latin1');
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE_BYTES) throw incomplete('a line of the framing does not end');
      const more = await this.#next();
      if (more === undefined) {
        if (mayEnd && this.#rest.length === 0) return '';
        throw incomplete('the body ends inside the framing');
      }
      this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more]);
    }
  }

  async end(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#next()) !== undefined) throw incomplete('bytes follow the last chunk');
  }

  async *bytes(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#rest.length === 0) {
        const more = await this.#next();
        if (more === undefined) throw incomplete(`the body ends ${left} bytes before its chunk does`);
        this.#rest = more;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#source.next();
    return done === true ? undefined : value;
  }
}

function incomplete(why: string): AwsError {
  return new AwsError('IncompleteBody', `The request body could not be read: ${why}`);
}
