import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { RunIdentity } from '../storage-keys.ts';
import { packSentences } from './packed-sentences.ts';
import type { Passage } from './passages.ts';
import { prepareShard } from './shard-schema.ts';
import type { PassageIdentity } from './vector-keys.ts';

/** A run's passages as the shard keeps them. */
export interface SermonPassages extends RunIdentity {
  readonly title: string;
  readonly preacher?: string;
  readonly passages: readonly Passage[];
}

/** A shard file that can be changed; close it when done. */
export class ShardWriter {
  readonly #database: DatabaseSync;

  /** Opens the file, or makes a new shard where there is none. */
  constructor(path: string) {
    const fresh = !existsSync(path);
    this.#database = new DatabaseSync(path);
    try {
      // The file is thrown away if the process dies, so nothing needs to reach the disk early.
      this.#database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;');
      if (fresh) this.#database.exec('PRAGMA page_size = 4096;');
      prepareShard(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All passages of one sermon, of whichever run. */
  passagesOf(sermonId: string): PassageIdentity[] {
    const rows = this.#database.prepare('SELECT version, revision, ordinal FROM passage WHERE sermonId = ? ORDER BY id').all(sermonId);
    return rows.map((row) => ({
      sermonId,
      version: String(row['version']),
      revision: Number(row['revision']),
      ordinal: Number(row['ordinal']),
    }));
  }

  /** Removes one passage; a passage that is not there is no error. */
  remove({ sermonId, version, revision, ordinal }: PassageIdentity): void {
    this.#database
      .prepare('DELETE FROM passage WHERE sermonId = ? AND version = ? AND revision = ? AND ordinal = ?')
      .run(sermonId, version, revision, ordinal);
  }

  /** Puts a run's passages in, instead of what the same run put in before. */
  replace(sermon: SermonPassages): void {
    const { sermonId, version, revision } = sermon;
    const insert = this.#database.prepare(
      'INSERT INTO passage (sermonId, version, revision, ordinal, startSeconds, endSeconds, title, preacher, text, sentences) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#database.exec('BEGIN');
    try {
      this.#database.prepare('DELETE FROM passage WHERE sermonId = ? AND version = ? AND revision = ?').run(sermonId, version, revision);
      for (const { ordinal, startSeconds, endSeconds, text, sentences } of sermon.passages) {
        insert.run(
          sermonId,
          version,
          revision,
          ordinal,
          startSeconds,
          endSeconds,
          sermon.title,
          sermon.preacher ?? '',
          text,
          packSentences(sentences),
        );
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Writes a compact copy to a path that must not exist: deleted rows leave holes, and every search downloads the file. */
  snapshot(path: string): void {
    this.#database.exec("INSERT INTO passageText (passageText) VALUES ('optimize')");
    this.#database.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    this.#database.close();
  }
}
