import type { DatabaseSync } from 'node:sqlite';

/** Raised whenever the tables change; a shard of another number is not opened. */
const SCHEMA_VERSION = 1;

/**
 * One full-text shard: the passages as rows, and an FTS5 index beside them that reads its texts from those rows. The
 * triggers are the ones that SQLite documents for such an index. Title and preacher stand in columns of their own, so that
 * they can weigh more than what was said.
 */
const SCHEMA = `
CREATE TABLE passage (
  id INTEGER PRIMARY KEY,
  sermonId TEXT NOT NULL,
  version TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  startSeconds REAL NOT NULL,
  endSeconds REAL NOT NULL,
  title TEXT NOT NULL,
  preacher TEXT NOT NULL,
  text TEXT NOT NULL,
  sentences TEXT NOT NULL,
  UNIQUE (sermonId, version, revision, ordinal)
) STRICT;
CREATE VIRTUAL TABLE passageText USING fts5(
  title, preacher, text,
  content = 'passage', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passageInserted AFTER INSERT ON passage BEGIN
  INSERT INTO passageText (rowid, title, preacher, text) VALUES (new.id, new.title, new.preacher, new.text);
END;
CREATE TRIGGER passageDeleted AFTER DELETE ON passage BEGIN
  INSERT INTO passageText (passageText, rowid, title, preacher, text) VALUES ('delete', old.id, old.title, old.preacher, old.text);
END;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Makes the tables in a new shard; leaves a shard that has them alone. */
export function prepareShard(database: DatabaseSync): void {
  const version = shardVersion(database);
  if (version === 0) database.exec(SCHEMA);
  else checkShard(database);
}

/** @throws Error where the shard was written by another version of Pulpit. */
export function checkShard(database: DatabaseSync): void {
  const version = shardVersion(database);
  if (version !== SCHEMA_VERSION) {
    throw new Error(
      `the full-text shard has schema ${version}, this version reads ${SCHEMA_VERSION}; delete the shard and run the sermons again to rebuild it`,
    );
  }
}

const shardVersion = (database: DatabaseSync): number => Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
