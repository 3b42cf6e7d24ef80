/** Where a recording may be cut, all in steps of one loudness value. */
export interface CutRules {
  /** Length that pieces should have. */
  readonly pieceSteps: number;
  /** How far from there a cut may be moved to find silence. */
  readonly searchSteps: number;
  /** How long the silence should be: the quietest run of this many steps is taken, and cut in its middle. */
  readonly quietSteps: number;
}

/**
 * Chooses cuts at the quietest places near every multiple of the piece length, so that no word is cut in two.
 * @param loudness energy of each step of the recording
 * @returns the steps at which new pieces begin, in order, without 0
 */
export function quietCuts(loudness: readonly number[], { pieceSteps, searchSteps, quietSteps }: CutRules): readonly number[] {
  const cuts: number[] = [];
  // The last piece may be half as long again: a short rest is not worth loading a model for.
  for (let from = 0; loudness.length - from > 1.5 * pieceSteps; from = cuts.at(-1) ?? loudness.length) {
    const middle = from + pieceSteps;
    cuts.push(quietest(loudness, Math.max(from + 1, middle - searchSteps), Math.min(loudness.length, middle + searchSteps), quietSteps));
  }
  return cuts;
}

function quietest(loudness: readonly number[], from: number, to: number, width: number): number {
  let best = { at: from, energy: Infinity };
  for (let at = from; at + width <= to; at += 1) {
    const energy = loudness.slice(at, at + width).reduce((sum, value) => sum + value, 0);
    if (energy < best.energy) best = { at, energy };
  }
  return best.at + Math.floor(width / 2);
}
