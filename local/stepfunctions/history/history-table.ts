import type { Store } from '../../store/store.ts';
import { EVENT_TYPES, type EventDetails, type HistoryEvent } from './history-event.ts';

const TYPE_CODES = new Map(EVENT_TYPES.map((type, code) => [type, code]));

/** Which events to read. */
export interface HistoryPage {
  /** How many events to leave out, counted from the side where reading begins. */
  readonly skip: number;
  readonly limit: number;
  readonly newestFirst: boolean;
}

/** Every event of every execution, exactly as AWS would write it: what the API, the inspector and redrives read. */
export class HistoryTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists sfn_events (
        execution integer not null, id integer not null, previous integer not null, type integer not null, at integer not null, details text,
        primary key (execution, id)) without rowid, strict`,
    );
  }

  /** Writes events; call inside `store.write`. */
  append(execution: number, events: readonly HistoryEvent[]): void {
    const insert = this.#store.prepare('insert into sfn_events (execution, id, previous, type, at, details) values (?, ?, ?, ?, ?, ?)');
    for (const { id, previousEventId, type, at, details } of events) {
      insert.run(execution, id, previousEventId, TYPE_CODES.get(type) ?? -1, at, details === undefined ? null : JSON.stringify(details));
    }
  }

  /** The id of an execution's last event; 0 when there is none. */
  lastId(execution: number): number {
    return Number(this.#store.prepare('select coalesce(max(id), 0) as id from sfn_events where execution = ?').get(execution)?.['id']);
  }

  one(execution: number, id: number): HistoryEvent | undefined {
    const row = this.#store.prepare('select * from sfn_events where execution = ? and id = ?').get(execution, id);
    return row === undefined ? undefined : eventOf(row);
  }

  page(execution: number, { skip, limit, newestFirst }: HistoryPage): HistoryEvent[] {
    const order = newestFirst ? 'desc' : 'asc';
    return this.#store
      .prepare(`select * from sfn_events where execution = ? order by id ${order} limit ? offset ?`)
      .all(execution, limit, skip)
      .map(eventOf);
  }
}

function eventOf(row: Readonly<Record<string, unknown>>): HistoryEvent {
  const type = EVENT_TYPES[Number(row['type'])];
  if (type === undefined)
    throw new Error(`the history holds an event of unknown type ${String(row['type'])}; it was written by a newer version`);
  const text = row['details'];
  const details: EventDetails | undefined = typeof text === 'string' ? JSON.parse(text) : undefined;
  return {
    id: Number(row['id']),
    previousEventId: Number(row['previous']),
    type,
    at: Number(row['at']),
    ...(details !== undefined && { details }),
  };
}
