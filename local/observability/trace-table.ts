import type { Members } from '../gateway/service.ts';
import type { Store } from '../store/store.ts';

// Newest segments that are kept: some thousand runs' worth.
const MOST_SEGMENTS = 100_000;

/** X-Ray segments and subsegments by trace. */
export class TraceTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      'create table if not exists trace_segment (number integer primary key, trace_id text not null, segment_id text not null, document text not null, unique (trace_id, segment_id)) strict',
    );
  }

  /** Keeps a segment document; a later version of the same segment (begun, then ended) replaces the earlier. */
  add(document: Members): void {
    const { trace_id: traceId, id } = document;
    if (typeof traceId !== 'string' || typeof id !== 'string') return;
    this.#store
      .prepare(
        'insert into trace_segment (trace_id, segment_id, document) values (?, ?, ?) on conflict do update set document = excluded.document',
      )
      .run(traceId, id, JSON.stringify(document));
  }

  /** All segments of a trace in the order of their arrival. */
  read(traceId: string): readonly Members[] {
    return this.#store
      .prepare('select document from trace_segment where trace_id = ? order by number')
      .all(traceId)
      .map((row) => JSON.parse(String(row['document'])));
  }

  prune(): void {
    this.#store.prepare('delete from trace_segment where number <= (select max(number) from trace_segment) - ?').run(MOST_SEGMENTS);
  }
}
