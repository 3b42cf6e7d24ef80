import { DatabaseSync } from 'node:sqlite';
import { highlightRanges, type TextRange } from './highlights.ts';
import type { PassageSentence } from './passages.ts';
import { unpackSentences } from './packed-sentences.ts';
import { checkShard } from './shard-schema.ts';
import type { PassageIdentity } from './vector-keys.ts';

/** A passage that has some of the words. */
export interface KeywordHit extends PassageIdentity {
  /** BM25 over title, preacher and text; larger is better. */
  readonly score: number;
  /** False where the words are only in the title or the preacher's name. */
  readonly inText: boolean;
}

/** A passage with its text. */
export interface FoundPassage extends PassageIdentity {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly title: string;
  readonly text: string;
  readonly sentences: readonly PassageSentence[];
  /** Where the query's words stand in `text`. */
  readonly highlights: readonly TextRange[];
}

/** How much title, preacher and text weigh. */
export type ColumnWeights = readonly [title: number, preacher: number, text: number];

// Control characters cannot occur in a recogniser's words, so they mark highlights without escaping.
const [OPEN, CLOSE] = ['\u0002', '\u0003'];

/** A shard file that is only read; close it when done. */
export class ShardReader {
  readonly #database: DatabaseSync;

  /** @throws Error where the file is no shard of this version. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true });
    try {
      checkShard(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The best `limit` passages for an FTS5 expression (see query.ts), best first. */
  search(expression: string, weights: ColumnWeights, limit: number): KeywordHit[] {
    const rows = this.#database
      .prepare(
        // Ranked before it is joined: of a common word's thousands of rows only `limit` are looked up (twice as fast, measured).
        `SELECT sermonId, version, revision, passage.ordinal, found.rank, found.textRank
         FROM (
           SELECT rowid AS id, bm25(passageText, ?, ?, ?) AS rank, bm25(passageText, 0, 0, 1) AS textRank
           FROM passageText WHERE passageText MATCH ? ORDER BY rank, id LIMIT ?
         ) AS found JOIN passage ON passage.id = found.id
         ORDER BY found.rank, found.id`,
      )
      .all(...weights, expression, limit);
    // FTS5's BM25 is negative: the smaller, the better.
    return rows.map((row) => ({ ...identityOf(row), score: -Number(row['rank']), inText: Number(row['textRank']) < 0 }));
  }

  /** One passage with its text; undefined where the shard does not have it. */
  find({ sermonId, version, revision, ordinal }: PassageIdentity, expression: string | undefined): FoundPassage | undefined {
    const row = this.#database
      .prepare('SELECT * FROM passage WHERE sermonId = ? AND version = ? AND revision = ? AND ordinal = ?')
      .get(sermonId, version, revision, ordinal);
    if (row === undefined) return undefined;
    return {
      ...identityOf(row),
      startSeconds: Number(row['startSeconds']),
      endSeconds: Number(row['endSeconds']),
      title: String(row['title']),
      text: String(row['text']),
      sentences: unpackSentences(String(row['sentences']), String(row['text'])),
      highlights: expression === undefined ? [] : this.#highlights(Number(row['id']), expression),
    };
  }

  #highlights(id: number, expression: string): TextRange[] {
    // node:sqlite binds numbers as REAL, and FTS5 leaves a rowid that is no INTEGER out of the query's constraints.
    const row = this.#database
      .prepare('SELECT highlight(passageText, 2, ?, ?) AS marked FROM passageText WHERE passageText MATCH ? AND rowid = CAST(? AS INTEGER)')
      .get(OPEN, CLOSE, expression, id);
    return row === undefined ? [] : highlightRanges(String(row['marked']), OPEN, CLOSE);
  }

  close(): void {
    this.#database.close();
  }
}

const identityOf = (row: Record<string, unknown>): PassageIdentity => ({
  sermonId: String(row['sermonId']),
  version: String(row['version']),
  revision: Number(row['revision']),
  ordinal: Number(row['ordinal']),
});
