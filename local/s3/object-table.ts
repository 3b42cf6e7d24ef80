import type { Store } from '../store/store.ts';
import type { BlobLifetimes } from './blob-lifetimes.ts';

/** Part of an object's bytes: a whole blob. An object that was uploaded in parts consists of several, in order. */
export interface Piece {
  readonly blob: string;
  readonly sizeBytes: number;
}

/** What the sender said about the object, by the names of the SDK's members, such as `ContentType` and `Metadata`. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  /** Strictly increasing over the life of the store: the order of versions, and S3's `sequencer`. */
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  /** `null` as text where the bucket is not versioned. */
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modified: Date;
  readonly attributes: Attributes;
}

export type NewVersion = Pick<ObjectVersion, 'bucket' | 'key' | 'versionId' | 'isDeleteMarker' | 'etag' | 'attributes'>;

/** The version id of objects in buckets without versioning. */
export const NULL_VERSION = 'null';

// A millisecond holds this many sequence numbers, so that the clock and the counter agree except in bursts.
const SEQUENCES_PER_MS = 1024;

const COLUMNS = 'sequence, bucket, key, version_id, latest, marker, etag, size, modified, attributes';

/** Object versions and the blobs they consist of. Every method that writes must be called inside `store.write`. */
export class ObjectTable {
  readonly #store: Store;
  readonly #lifetimes: BlobLifetimes;

  constructor(store: Store, lifetimes: BlobLifetimes) {
    this.#store = store;
    this.#lifetimes = lifetimes;
    store.define(
      'create table if not exists s3_sequence (id integer primary key check (id = 1), last integer not null) strict',
      'insert or ignore into s3_sequence (id, last) values (1, 0)',
      `create table if not exists s3_versions (sequence integer primary key, bucket text not null, key text not null, version_id text not null,
        latest integer not null, marker integer not null, etag text not null, size integer not null, modified integer not null,
        attributes text not null, unique (bucket, key, version_id)) strict`,
      'create unique index if not exists s3_latest on s3_versions (bucket, key) where latest = 1',
      'create index if not exists s3_order on s3_versions (bucket, key, sequence desc)',
      'create table if not exists s3_pieces (owner integer, ordinal integer, blob text not null, size integer not null, primary key (owner, ordinal)) strict, without rowid',
      'create index if not exists s3_pieces_of_blob on s3_pieces (blob)',
    );
  }

  /** The next sequence number. It follows the clock, so that a store that was emptied goes on counting upwards. */
  nextSequence(): number {
    const row = this.#store
      .prepare('update s3_sequence set last = max(last + 1, ?) where id = 1 returning last')
      .get(Date.now() * SEQUENCES_PER_MS);
    return Number(row?.['last']);
  }

  latest(bucket: string, key: string): ObjectVersion | undefined {
    const row = this.#store.prepare(`select ${COLUMNS} from s3_versions where bucket = ? and key = ? and latest = 1`).get(bucket, key);
    return row && versionOf(row);
  }

  version(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    const row = this.#store
      .prepare(`select ${COLUMNS} from s3_versions where bucket = ? and key = ? and version_id = ?`)
      .get(bucket, key, versionId);
    return row && versionOf(row);
  }

  /** Newest versions that are no delete markers, in order of code points, starting behind the key `after` (at it, when `inclusive`). */
  list(bucket: string, after: string, inclusive: boolean, limit: number): readonly ObjectVersion[] {
    return this.#store
      .prepare(
        `select ${COLUMNS} from s3_versions where bucket = ? and latest = 1 and marker = 0 and key ${inclusive ? '>=' : '>'} ? order by key limit ?`,
      )
      .all(bucket, after, limit)
      .map(versionOf);
  }

  /** Makes a version the newest of its key, in place of the one with the same version id, if there is one. */
  insert(version: NewVersion, pieces: readonly Piece[]): ObjectVersion {
    const { bucket, key, versionId } = version;
    const replaced = this.version(bucket, key, versionId);
    if (replaced !== undefined) this.#delete(replaced.sequence);
    this.#store.prepare('update s3_versions set latest = 0 where bucket = ? and key = ? and latest = 1').run(bucket, key);
    const sequence = this.nextSequence();
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
    const modified = new Date();
    this.#store
      .prepare(`insert into s3_versions (${COLUMNS}) values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`)
      .run(
        sequence,
        bucket,
        key,
        versionId,
        version.isDeleteMarker ? 1 : 0,
        version.etag,
        sizeBytes,
        modified.getTime(),
        JSON.stringify(version.attributes),
      );
    this.setPieces(sequence, pieces);
    return { ...version, sequence, isLatest: true, sizeBytes, modified };
  }

  /** Removes one version for good; the one before it becomes the newest. */
  remove(version: ObjectVersion): void {
    this.#delete(version.sequence);
    if (!version.isLatest) return;
    this.#store
      .prepare('update s3_versions set latest = 1 where sequence = (select max(sequence) from s3_versions where bucket = ? and key = ?)')
      .run(version.bucket, version.key);
  }

  /** The pieces of an object's version or of an uploaded part. */
  pieces(owner: number): readonly Piece[] {
    return this.#store
      .prepare('select blob, size from s3_pieces where owner = ? order by ordinal')
      .all(owner)
      .map((row) => ({ blob: String(row['blob']), sizeBytes: Number(row['size']) }));
  }

  setPieces(owner: number, pieces: readonly Piece[]): void {
    const statement = this.#store.prepare('insert into s3_pieces (owner, ordinal, blob, size) values (?, ?, ?, ?)');
    for (const [ordinal, { blob, sizeBytes }] of pieces.entries()) statement.run(owner, ordinal, blob, sizeBytes);
  }

  /** Forgets an owner's pieces; a blob that nothing refers to any more is removed once that is on disk. */
  releasePieces(owner: number): void {
    const blobs = this.pieces(owner).map((piece) => piece.blob);
    this.#store.prepare('delete from s3_pieces where owner = ?').run(owner);
    if (blobs.length === 0) return;
    this.#store.afterCommit(() => {
      // When the store was closed meanwhile, the sweep of the next start does it.
      if (!this.#store.database.isOpen) return;
      for (const blob of blobs) if (!this.holds(blob)) this.#lifetimes.remove(blob);
    });
  }

  /** Whether any object or part consists of this blob. */
  holds(blob: string): boolean {
    return this.#store.prepare('select 1 from s3_pieces where blob = ? limit 1').get(blob) !== undefined;
  }

  #delete(sequence: number): void {
    this.#store.prepare('delete from s3_versions where sequence = ?').run(sequence);
    this.releasePieces(sequence);
  }
}

function versionOf(row: Readonly<Record<string, unknown>>): ObjectVersion {
  return {
    sequence: Number(row['sequence']),
    bucket: String(row['bucket']),
    key: String(row['key']),
    versionId: String(row['version_id']),
    isLatest: row['latest'] === 1,
    isDeleteMarker: row['marker'] === 1,
    etag: String(row['etag']),
    sizeBytes: Number(row['size']),
    modified: new Date(Number(row['modified'])),
    attributes: JSON.parse(String(row['attributes'])) as Attributes,
  };
}
