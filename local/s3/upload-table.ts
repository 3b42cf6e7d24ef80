import type { Store } from '../store/store.ts';
import type { Attributes, ObjectTable, Piece } from './object-table.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
  readonly attributes: Attributes;
}

export interface Part {
  readonly partNumber: number;
  /** Owner of the part's pieces. */
  readonly owner: number;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modified: Date;
}

/** Multipart uploads and their parts. Every method that writes must be called inside `store.write`. */
export class UploadTable {
  readonly #store: Store;
  readonly #objects: ObjectTable;

  constructor(store: Store, objects: ObjectTable) {
    this.#store = store;
    this.#objects = objects;
    store.define(
      `create table if not exists s3_uploads (upload_id text primary key, bucket text not null, key text not null, initiated integer not null,
        attributes text not null) strict`,
      `create table if not exists s3_parts (upload_id text, part_number integer, owner integer not null, etag text not null, size integer not null,
        modified integer not null, primary key (upload_id, part_number)) strict, without rowid`,
    );
  }

  create({ uploadId, bucket, key, attributes }: Omit<Upload, 'initiated'>): void {
    this.#store
      .prepare('insert into s3_uploads (upload_id, bucket, key, initiated, attributes) values (?, ?, ?, ?, ?)')
      .run(uploadId, bucket, key, Date.now(), JSON.stringify(attributes));
  }

  find(uploadId: string): Upload | undefined {
    const row = this.#store.prepare('select * from s3_uploads where upload_id = ?').get(uploadId);
    return row && uploadOf(row);
  }

  /** Adds a part, in place of an earlier one of the same number. */
  addPart(uploadId: string, partNumber: number, etag: string, pieces: readonly Piece[]): Part {
    const earlier = this.parts(uploadId).find((part) => part.partNumber === partNumber);
    if (earlier !== undefined) this.#objects.releasePieces(earlier.owner);
    const owner = this.#objects.nextSequence();
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
    const modified = new Date();
    this.#store
      .prepare('insert or replace into s3_parts (upload_id, part_number, owner, etag, size, modified) values (?, ?, ?, ?, ?, ?)')
      .run(uploadId, partNumber, owner, etag, sizeBytes, modified.getTime());
    this.#objects.setPieces(owner, pieces);
    return { partNumber, owner, etag, sizeBytes, modified };
  }

  parts(uploadId: string): readonly Part[] {
    return this.#store
      .prepare('select part_number, owner, etag, size, modified from s3_parts where upload_id = ? order by part_number')
      .all(uploadId)
      .map((row) => ({
        partNumber: Number(row['part_number']),
        owner: Number(row['owner']),
        etag: String(row['etag']),
        sizeBytes: Number(row['size']),
        modified: new Date(Number(row['modified'])),
      }));
  }

  /** Forgets the upload and its parts. */
  remove(uploadId: string): void {
    for (const part of this.parts(uploadId)) this.#objects.releasePieces(part.owner);
    this.#store.prepare('delete from s3_parts where upload_id = ?').run(uploadId);
    this.#store.prepare('delete from s3_uploads where upload_id = ?').run(uploadId);
  }
}

function uploadOf(row: Readonly<Record<string, unknown>>): Upload {
  return {
    uploadId: String(row['upload_id']),
    bucket: String(row['bucket']),
    key: String(row['key']),
    initiated: new Date(Number(row['initiated'])),
    attributes: JSON.parse(String(row['attributes'])) as Attributes,
  };
}
