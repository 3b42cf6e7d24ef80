import { bestExcerpt } from '../shared/search/highlights.ts';
import { matchExpression } from '../shared/search/query.ts';
import type { FoundPassage, ShardReader } from '../shared/search/shard-reader.ts';
import { parseVectorKey, type PassageIdentity } from '../shared/search/vector-keys.ts';
import { type Candidates, type PublishedRuns, rankMoments, rankSermons, type RankedPassage } from './ranking.ts';

/** What a listener asks. */
export interface SearchRequest {
  readonly query: string;
  /** moments: passages by their own rank. sermons: each sermon once, by its best three passages. */
  readonly view: 'moments' | 'sermons';
  readonly offset: number;
  readonly limit: number;
}

/** One answer: where to start playing, and why. */
export interface SearchHit {
  readonly sermonId: string;
  readonly title: string;
  /** Start of the best matching sentence, in seconds. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  /** Where the query's words stand in `text`, in UTF-16 units, the end exclusive. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  readonly score: number;
}

/** A page of answers. */
export interface SearchResult {
  readonly items: readonly SearchHit[];
  /** Offset of the next page; undefined at the end. */
  readonly nextOffset?: number;
  /** Present where meaning could not be asked and words alone decided. */
  readonly degraded?: 'keyword-only';
}

/** A passage near the query's meaning, nearest first. */
export interface NearPassage {
  readonly key: string;
  /** Cosine distance: 0 is the same direction. */
  readonly distance: number;
}

/** What searching needs of the outside. */
export interface SearchPorts {
  /** The full-text shard as it is now; undefined while nothing is indexed. */
  readonly shard: () => Promise<ShardReader | undefined>;
  /** The nearest passages of all runs. */
  readonly nearest: (query: string) => Promise<readonly NearPassage[]>;
  /** Which of these sermons are published, and which run of each. */
  readonly published: (sermonIds: readonly string[]) => Promise<PublishedRuns>;
  /** What a rank by meaning counts against a rank by words, 0 to 1. */
  readonly vectorWeight: number;
  readonly warn: (message: string, error: unknown) => void;
}

/** Passages asked for first; most pages are full with them. */
const FIRST_DEPTH = 200;
/** Cosine similarity of texts that have nothing in common is near 0; what is below this is found by its words or not at all. */
const LEAST_SIMILARITY = 0.2;

/** Searches what was said, by words and by meaning, and gives only what is published. */
export async function searchLibrary(request: SearchRequest, ports: SearchPorts): Promise<SearchResult> {
  const shard = await ports.shard();
  if (shard === undefined) return { items: [] };
  const expression = matchExpression(request.query);
  const near = await nearPassages(request.query, ports);
  const wanted = request.offset + request.limit + 1;

  // Rows of unpublished runs are dropped after the fact, so the shard is asked for more until the page is full.
  for (let depth = Math.max(FIRST_DEPTH, 4 * wanted); ; depth *= 4) {
    const words = expression === undefined ? [] : shard.search(expression, COLUMN_WEIGHTS[request.view], depth);
    const runs = await ports.published([...new Set([...words, ...near.passages].map(({ sermonId }) => sermonId))]);
    const isPublished = ({ sermonId, version, revision }: PassageIdentity): boolean => {
      const run = runs.get(sermonId);
      return run?.version === version && run.revision === revision;
    };
    const candidates: Candidates = {
      words: words.filter(isPublished),
      near: near.passages.filter(isPublished),
      vectorWeight: ports.vectorWeight,
    };
    const ranked = request.view === 'moments' ? rankMoments(candidates) : rankSermons(candidates);
    const hits = distinctHits(ranked, (passage) => shard.find(passage, expression), runs, request.view, wanted);
    if (hits.length < wanted && words.length === depth) continue;

    const more = hits.length === wanted;
    return {
      items: hits.slice(request.offset, request.offset + request.limit),
      ...(more ? { nextOffset: request.offset + request.limit } : {}),
      ...(near.failed ? { degraded: 'keyword-only' as const } : {}),
    };
  }
}

/** Title, preacher, text. For moments, what was said decides; for sermons, a title that has the words is nearly an answer. */
const COLUMN_WEIGHTS = { moments: [1, 1, 1], sermons: [8, 4, 1] } as const;

async function nearPassages(query: string, ports: SearchPorts): Promise<{ passages: Candidates['near']; failed: boolean }> {
  if (ports.vectorWeight === 0) return { passages: [], failed: false };
  try {
    const near = await ports.nearest(query);
    const passages = near.flatMap(({ key, distance }) => {
      const identity = parseVectorKey(key);
      return identity === undefined || 1 - distance < LEAST_SIMILARITY ? [] : [{ ...identity, similarity: 1 - distance }];
    });
    return { passages, failed: false };
  } catch (error) {
    // Meaning refines an order that words alone already give: a listener should not wait for a model to recover.
    ports.warn('search by words only', error);
    return { passages: [], failed: true };
  }
}

function distinctHits(
  ranked: readonly RankedPassage[],
  find: (passage: PassageIdentity) => FoundPassage | undefined,
  runs: PublishedRuns,
  view: SearchRequest['view'],
  wanted: number,
): SearchHit[] {
  const hits = new Map<string, SearchHit>();
  const sermons = new Set<string>();
  for (const { sermonId, score, byTitleOnly, ...passage } of ranked) {
    if (hits.size === wanted) break;
    // A title has the words in all of its sermon's passages: one of them is enough.
    if (sermons.has(sermonId) && (byTitleOnly || view === 'sermons')) continue;
    const found = find({ sermonId, ...passage });
    const excerpt = found && bestExcerpt(found.text, found.sentences, found.highlights);
    if (found === undefined || excerpt === undefined) continue;
    // Passages overlap by one sentence: the same sentence is one moment.
    const moment = `${sermonId} ${excerpt.startSeconds}`;
    if (hits.has(moment)) continue;
    sermons.add(sermonId);
    const highlights = excerpt.highlights.map(({ start, end }) => [start, end] as const);
    hits.set(moment, { sermonId, title: runs.get(sermonId)?.title ?? found.title, ...excerpt, highlights, score });
  }
  return [...hits.values()];
}
