import type { Store } from '../store/store.ts';
import type { Metadata } from './metadata-filter.ts';

/** A vector as it is stored. */
export interface StoredVector {
  readonly id: number;
  readonly key: string;
  readonly vector: Float32Array;
  readonly metadata: Metadata;
}

/** All vectors of all indexes: the truth, from which the memory is rebuilt. */
export class VectorTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists s3vectors (id integer primary key, index_arn text not null, key text not null, vector blob not null,
        metadata text not null, unique (index_arn, key)) strict`,
    );
  }

  /** Writes a vector in place of the one with the same key; call it inside `store.write`. Gives its id, which stays the same. */
  put(indexArn: string, key: string, vector: Float32Array, metadata: Metadata): number {
    const row = this.#store
      .prepare(
        `insert into s3vectors (index_arn, key, vector, metadata) values (?, ?, ?, ?)
          on conflict (index_arn, key) do update set vector = excluded.vector, metadata = excluded.metadata returning id`,
      )
      .get(indexArn, key, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), JSON.stringify(metadata));
    return Number(row?.['id']);
  }

  get(indexArn: string, key: string): StoredVector | undefined {
    const row = this.#store.prepare('select * from s3vectors where index_arn = ? and key = ?').get(indexArn, key);
    return row && vectorOf(row);
  }

  getById(id: number): StoredVector | undefined {
    const row = this.#store.prepare('select * from s3vectors where id = ?').get(id);
    return row && vectorOf(row);
  }

  /** Vectors in the order of their keys, behind the key `after`. */
  list(indexArn: string, after: string, limit: number): readonly StoredVector[] {
    return this.#store
      .prepare('select * from s3vectors where index_arn = ? and key > ? order by key limit ?')
      .all(indexArn, after, limit)
      .map(vectorOf);
  }

  /** All vectors of an index; read it to its end at once. */
  *all(indexArn: string): Generator<StoredVector> {
    for (const row of this.#store.prepare('select * from s3vectors where index_arn = ?').iterate(indexArn)) yield vectorOf(row);
  }

  /** Call it inside `store.write`. */
  delete(indexArn: string, key: string): void {
    this.#store.prepare('delete from s3vectors where index_arn = ? and key = ?').run(indexArn, key);
  }
}

function vectorOf(row: Readonly<Record<string, unknown>>): StoredVector {
  // A copy, because a blob need not begin at a multiple of four bytes.
  const bytes = new Uint8Array(row['vector'] as Uint8Array);
  return {
    id: Number(row['id']),
    key: String(row['key']),
    vector: new Float32Array(bytes.buffer),
    metadata: JSON.parse(String(row['metadata'])) as Metadata,
  };
}
