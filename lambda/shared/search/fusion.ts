/** One ranking among those that are fused: best first. */
export interface Ranking {
  readonly keys: readonly string[];
  /**
   * What this ranking's word counts, against 1 for full text. An embedder gets its own: at equal weights a weak one makes
   * the result worse than full text alone (measured).
   */
  readonly weight: number;
}

/** A key and what the rankings together give it; larger is better. */
export interface FusedHit {
  readonly key: string;
  readonly score: number;
}

/** Damps the first ranks, so that one ranking's winner does not beat what both find good (Cormack et al., 2009). */
const RANK_CONSTANT = 60;

/** Weighted reciprocal rank fusion, best first; equal scores keep the order of the first ranking that has the key. */
export function fuse(rankings: readonly Ranking[]): FusedHit[] {
  const scores = new Map<string, number>();
  for (const { keys, weight } of rankings) {
    for (const [index, key] of keys.entries()) scores.set(key, (scores.get(key) ?? 0) + weight / (RANK_CONSTANT + index + 1));
  }
  return [...scores].map(([key, score]) => ({ key, score })).toSorted((a, b) => b.score - a.score);
}

/** Sums each group's best three: a sermon that speaks of something in three places beats one that mentions it once. */
export function bestThree(hits: Iterable<{ readonly group: string; readonly score: number }>): FusedHit[] {
  const scores = new Map<string, number[]>();
  for (const { group, score } of hits) scores.set(group, [...(scores.get(group) ?? []), score].toSorted((a, b) => b - a).slice(0, 3));
  return [...scores]
    .map(([key, best]) => ({ key, score: best.reduce((sum, score) => sum + score, 0) }))
    .toSorted((a, b) => b.score - a.score);
}
