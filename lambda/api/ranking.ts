import { bestThree, fuse } from '../shared/search/fusion.ts';
import type { KeywordHit } from '../shared/search/shard-reader.ts';
import { type PassageIdentity, vectorKey } from '../shared/search/vector-keys.ts';

/** The published run of each sermon, by id. */
export type PublishedRuns = ReadonlyMap<string, { readonly version: string; readonly revision: number; readonly title: string }>;

/** Published passages that words or meaning found, each best first. */
export interface Candidates {
  readonly words: readonly KeywordHit[];
  readonly near: readonly (PassageIdentity & { readonly similarity: number })[];
  readonly vectorWeight: number;
}

/** A passage in the order to show. */
export interface RankedPassage extends PassageIdentity {
  readonly score: number;
  /** Nothing in the passage itself was found, only its sermon's title or preacher. */
  readonly byTitleOnly: boolean;
}

/** Passages by their own score. */
export function rankMoments({ words, near, vectorWeight }: Candidates): RankedPassage[] {
  const passages = new Map<string, Omit<RankedPassage, 'score'>>();
  for (const hit of near) passages.set(vectorKey(hit), { ...identityOf(hit), byTitleOnly: false });
  for (const hit of words) {
    const key = vectorKey(hit);
    if (!passages.has(key)) passages.set(key, { ...identityOf(hit), byTitleOnly: !hit.inText });
  }
  // Whatever stands only in the title comes after all that was said.
  const said = words.toSorted((a, b) => Number(b.inText) - Number(a.inText) || b.score - a.score);
  return fuse([
    { keys: said.map(vectorKey), weight: 1 },
    { keys: near.map(vectorKey), weight: vectorWeight },
  ]).flatMap(({ key, score }) => {
    const passage = passages.get(key);
    return passage === undefined ? [] : [{ ...passage, score }];
  });
}

/** Each sermon's best passage, sermons ordered by the sum of their best three. */
export function rankSermons(candidates: Candidates): RankedPassage[] {
  const { words, near, vectorWeight } = candidates;
  const best = new Map<string, RankedPassage>();
  for (const passage of rankMoments(candidates)) if (!best.has(passage.sermonId)) best.set(passage.sermonId, passage);
  return fuse([
    { keys: bestThree(words.map(({ sermonId, score }) => ({ group: sermonId, score }))).map(({ key }) => key), weight: 1 },
    {
      keys: bestThree(near.map(({ sermonId, similarity }) => ({ group: sermonId, score: similarity }))).map(({ key }) => key),
      weight: vectorWeight,
    },
  ]).flatMap(({ key, score }) => {
    const passage = best.get(key);
    return passage === undefined ? [] : [{ ...passage, score }];
  });
}

const identityOf = ({ sermonId, version, revision, ordinal }: PassageIdentity): PassageIdentity => ({
  sermonId,
  version,
  revision,
  ordinal,
});
