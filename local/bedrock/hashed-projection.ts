// Short words are mostly the grammar of a language and say little of a text's subject. Without a corpus there is no better measure of it.
const SHORT_WORD_LETTERS = 3;
const SHORT_WORD_WEIGHT = 0.15;
// Pieces of words make inflections, compounds and misheard words resemble each other; whole words still count most.
const PIECE_LETTERS = [3, 4];
const PIECE_WEIGHT = 0.35;

/**
 * Turns a text into a vector without any model: every word and every piece of a word is hashed to a few coordinates and a
 * sign. Texts that share words come out near each other; it knows nothing of meaning. The same text always gives the same vector.
 */
export function projectText(text: string, dimensions: number): Float64Array {
  const vector = new Float64Array(dimensions);
  for (const [feature, weight] of featuresOf(text)) {
    const hash = hashOf(feature);
    // Two coordinates a feature soften collisions. The multiplier is the golden ratio's, which spreads neighbouring hashes.
    for (const bits of [hash, Math.imul(hash ^ 0x5bd1e995, 0x9e3779b1) >>> 0]) {
      const at = (bits >>> 1) % dimensions;
      vector[at] = (vector[at] ?? 0) + ((bits & 1) === 1 ? weight : -weight);
    }
  }
  return vector;
}

/** Brings a vector to length 1; a text without a single word gets an arbitrary unit vector, because a zero vector has no direction. */
export function toUnitLength(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return vector.map((_value, at) => (at === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}

function featuresOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text
    .toLowerCase()
    .normalize('NFKC')
    .match(/[\p{L}\p{N}]+/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const weights = new Map<string, number>();
  for (const [word, count] of counts) {
    const weight = (1 + Math.log(count)) * (word.length <= SHORT_WORD_LETTERS ? SHORT_WORD_WEIGHT : 1);
    weights.set(word, (weights.get(word) ?? 0) + weight);
    if (word.length <= SHORT_WORD_LETTERS) continue;
    for (const piece of piecesOf(word)) weights.set(`~${piece}`, (weights.get(`~${piece}`) ?? 0) + weight * PIECE_WEIGHT);
  }
  return weights;
}

function piecesOf(word: string): readonly string[] {
  const marked = `^${word}$`;
  return PIECE_LETTERS.flatMap((length) =>
    Array.from({ length: Math.max(0, marked.length - length + 1) }, (_unused, at) => marked.slice(at, at + length)),
  );
}

/** FNV-1a, with a finish that mixes the low bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
