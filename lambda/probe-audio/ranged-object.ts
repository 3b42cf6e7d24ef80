/** Fetches some bytes of an object, `end` exclusive. */
export type FetchRange = (start: number, end: number) => Promise<Uint8Array>;

/** Structures and tags are looked up a few bytes at a time; one request of this size answers most of the next questions too. */
const BLOCK_BYTES = 64 * 1024;

/** Blocks kept, 8 MiB: what lies behind is rarely asked for again. */
const BLOCKS_KEPT = 128;

/** Longer reads, such as an embedded picture, are fetched as they are. */
const DIRECT_BYTES = 1024 * 1024;

/** An object in S3 that is read by ranges, never as a whole. */
export class RangedObject {
  readonly sizeBytes: number;
  readonly #fetch: FetchRange;
  readonly #blocks = new Map<number, Promise<Uint8Array>>();

  constructor(sizeBytes: number, fetch: FetchRange) {
    this.sizeBytes = sizeBytes;
    this.#fetch = fetch;
  }

  /** Reads up to `length` bytes; fewer at the object's end. */
  async read(start: number, length: number): Promise<Uint8Array> {
    const end = Math.min(start + length, this.sizeBytes);
    if (end <= start) return new Uint8Array();
    if (end - start >= DIRECT_BYTES) return this.#fetch(start, end);
    const bytes = new Uint8Array(end - start);
    for (let position = start; position < end;) {
      const index = Math.floor(position / BLOCK_BYTES);
      const offset = position - index * BLOCK_BYTES;
      const part = (await this.#block(index)).subarray(offset, offset + end - position);
      if (part.length === 0) throw new Error(`the object ended at byte ${position} of ${this.sizeBytes}`);
      bytes.set(part, position - start);
      position += part.length;
    }
    return bytes;
  }

  async #block(index: number): Promise<Uint8Array> {
    const known = this.#blocks.get(index);
    if (known) return known;
    const start = index * BLOCK_BYTES;
    const fetched = this.#fetch(start, Math.min(start + BLOCK_BYTES, this.sizeBytes));
    this.#blocks.set(index, fetched);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > BLOCKS_KEPT && oldest !== undefined) this.#blocks.delete(oldest);
    return fetched;
  }
}
