import { compileInt8Dot, type Int8Dot } from './int8-dot-module.ts';

// Scores of one call; the rest of the memory holds vectors.
const SCORES_AT_ONCE = 4096;
const PAGE_BYTES = 65_536;
const LARGEST_INT8 = 127;

/** A vector rounded to bytes, with what it takes to get back: `value = byte * scale * norm`. */
interface Quantised {
  readonly bytes: Int8Array;
  /** Of the vector brought to length 1. */
  readonly scale: number;
  readonly norm: number;
}

/** Vectors as signed bytes in WebAssembly memory, each in a slot; slots are numbered without gaps. */
export class QuantisedVectors {
  readonly #bytes: number;
  readonly #scoresAt: number;
  readonly #vectorsAt: number;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #dot: Int8Dot;
  readonly #scales: number[] = [];
  readonly #norms: number[] = [];

  constructor(dimension: number) {
    this.#bytes = Math.ceil(dimension / 16) * 16;
    this.#scoresAt = this.#bytes;
    this.#vectorsAt = this.#scoresAt + SCORES_AT_ONCE * 4;
    this.#dot = compileInt8Dot(this.#memory);
  }

  get count(): number {
    return this.#scales.length;
  }

  /** Puts a vector into a slot; the slot after the last is a new one. */
  set(slot: number, vector: Float32Array): void {
    const { bytes, scale, norm } = quantise(vector);
    const at = this.#vectorsAt + slot * this.#bytes;
    this.#reserve(at + this.#bytes);
    const target = new Int8Array(this.#memory.buffer, at, this.#bytes);
    target.fill(0);
    target.set(bytes);
    this.#scales[slot] = scale;
    this.#norms[slot] = norm;
  }

  /** Empties a slot by moving the last vector into it. */
  remove(slot: number): void {
    const last = this.count - 1;
    const from = this.#vectorsAt + last * this.#bytes;
    new Uint8Array(this.#memory.buffer).copyWithin(this.#vectorsAt + slot * this.#bytes, from, from + this.#bytes);
    this.#scales[slot] = this.#scales[last] ?? 0;
    this.#norms[slot] = this.#norms[last] ?? 0;
    this.#scales.length = last;
    this.#norms.length = last;
  }

  /** Calls `visit` with every slot, its approximate cosine to the query, and its vector's length. */
  scan(query: Float32Array, visit: (slot: number, cosine: number, norm: number) => void): void {
    const { bytes, scale } = quantise(query);
    this.#reserve(this.#vectorsAt);
    const target = new Int8Array(this.#memory.buffer, 0, this.#bytes);
    target.fill(0);
    target.set(bytes);
    for (let first = 0; first < this.count; first += SCORES_AT_ONCE) {
      const count = Math.min(SCORES_AT_ONCE, this.count - first);
      this.#dot(0, this.#vectorsAt + first * this.#bytes, count, this.#bytes, this.#scoresAt);
      const scores = new Int32Array(this.#memory.buffer, this.#scoresAt, count);
      for (let index = 0; index < count; index += 1) {
        const slot = first + index;
        visit(slot, (scores[index] ?? 0) * scale * (this.#scales[slot] ?? 0), this.#norms[slot] ?? 0);
      }
    }
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    // Doubling keeps the number of moves small.
    if (missing > 0) this.#memory.grow(Math.ceil(Math.max(missing, Math.min(this.#memory.buffer.byteLength, 2 ** 28)) / PAGE_BYTES));
  }
}

/** Sum of the products. Written as a loop, which is ten times as fast as `reduce`, and all vectors pass here at every start. */
export function dotOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** Length of a vector. */
export function normOf(vector: Float32Array): number {
  return Math.sqrt(dotOf(vector, vector));
}

function quantise(vector: Float32Array): Quantised {
  const bytes = new Int8Array(vector.length);
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return { bytes, scale: 0, norm: 0 };
  const norm = normOf(vector);
  for (let at = 0; at < vector.length; at += 1) bytes[at] = Math.round(((vector[at] ?? 0) / largest) * LARGEST_INT8);
  return { bytes, scale: largest / LARGEST_INT8 / norm, norm };
}
