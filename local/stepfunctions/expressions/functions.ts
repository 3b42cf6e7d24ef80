import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '../json.ts';

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
// Longest list that $range makes (States Language).
const LONGEST_RANGE = 1000;

/**
 * What Step Functions adds to JSONata. `$eval` is taken away: naming it is like naming a function that does not exist.
 */
export const STEP_FUNCTIONS: Readonly<Record<string, unknown>> = {
  uuid: (): string => randomUUID(),
  random: (seed?: number): number => (seed === undefined ? Math.random() : seededRandom(seed)),
  hash,
  parse: (text: unknown): Json | undefined => (text === undefined ? undefined : parse(text)),
  partition,
  range,
  eval: undefined,
};

function hash(text: unknown, algorithm: unknown): string {
  const digest = HASHES[String(algorithm)];
  if (digest === undefined)
    throw new Error(`the algorithm of $hash is ${String(algorithm)}; it must be one of ${Object.keys(HASHES).join(', ')}`);
  return createHash(digest).update(String(text)).digest('hex');
}

function parse(text: unknown): Json {
  if (typeof text !== 'string') throw new Error('the argument of $parse must be a string of JSON');
  return JSON.parse(text);
}

function partition(list: unknown, size: unknown): unknown[][] {
  if (!Array.isArray(list)) throw new Error('the first argument of $partition must be an array');
  if (typeof size !== 'number' || size < 1) throw new Error('the second argument of $partition must be a positive number');
  const length = Math.floor(size);
  return Array.from({ length: Math.ceil(list.length / length) }, (_, part) => list.slice(part * length, (part + 1) * length));
}

function range(first: unknown, last: unknown, step: unknown): number[] {
  const [from, to, by] = [first, last, step].map((value) => (typeof value === 'number' ? Math.round(value) : Number.NaN));
  if (from === undefined || to === undefined || by === undefined || Number.isNaN(from + to + by))
    throw new Error('$range takes three numbers: first, last, step');
  if (by === 0) throw new Error('the step of $range must not be 0');
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > LONGEST_RANGE) throw new Error(`$range makes at most ${LONGEST_RANGE} numbers, not ${length}`);
  return Array.from({ length }, (_, index) => from + index * by);
}

// Mulberry32: equal seeds give equal numbers.
function seededRandom(seed: number): number {
  let mixed = (Math.floor(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
