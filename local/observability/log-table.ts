import type { Store } from '../store/store.ts';

/** One line of a log stream. `timestamp` is epoch milliseconds. */
export interface LogEvent {
  readonly id: number;
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Which lines to read. */
export interface LogQuery {
  readonly group: string;
  readonly streams?: readonly string[];
  /** Earliest time, included. */
  readonly startTime?: number;
  /** Latest time, included. */
  readonly endTime?: number;
  /** Only lines after this one, or before it when reading backwards. */
  readonly cursor?: number;
  readonly limit: number;
  readonly newestFirst?: boolean;
}

// A week of debugging on one machine; CloudWatch's own default, for ever, would fill its disk.
const DEFAULT_RETENTION_DAYS = 14;
const DAY_MS = 86_400_000;
// About a million lines of 200 characters, beyond which the oldest go.
const LARGEST_SIZE_BYTES = 256 * 1024 * 1024;

/** Log lines of all groups, bounded by age and size. */
export class LogTable {
  readonly #store: Store;
  readonly #retentionDays = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists log_event (
        id integer primary key autoincrement, log_group text not null, stream text not null, timestamp integer not null, message text not null
      ) strict`,
      'create index if not exists log_event_group on log_event (log_group, id)',
    );
  }

  defineGroup(name: string, retentionDays = DEFAULT_RETENTION_DAYS): void {
    this.#retentionDays.set(name, retentionDays);
  }

  /** Groups that the template defines or that have lines. */
  groups(): readonly { readonly name: string; readonly retentionDays: number; readonly storedBytes: number }[] {
    const sizes = new Map<string, number>();
    const rows = this.#store.prepare('select log_group, sum(length(message)) as size from log_event group by log_group').all();
    for (const row of rows) sizes.set(String(row['log_group']), Number(row['size']));
    return [...new Set([...this.#retentionDays.keys(), ...sizes.keys()])]
      .toSorted()
      .map((name) => ({ name, retentionDays: this.#retentionFor(name), storedBytes: sizes.get(name) ?? 0 }));
  }

  has(group: string): boolean {
    return (
      this.#retentionDays.has(group) || this.#store.prepare('select 1 from log_event where log_group = ? limit 1').get(group) !== undefined
    );
  }

  add(group: string, stream: string, timestamp: number, message: string): void {
    this.#store
      .prepare('insert into log_event (log_group, stream, timestamp, message) values (?, ?, ?, ?)')
      .run(group, stream, timestamp, message);
  }

  read({
    group,
    streams,
    startTime = 0,
    endTime = Number.MAX_SAFE_INTEGER,
    cursor,
    limit,
    newestFirst = false,
  }: LogQuery): readonly LogEvent[] {
    const beyond = newestFirst ? 'id < ?' : 'id > ?';
    return this.#store
      .prepare(
        `select id, stream, timestamp, message from log_event where log_group = ? and ${beyond} and timestamp between ? and ?
         and (? is null or stream in (select value from json_each(?))) order by id ${newestFirst ? 'desc' : 'asc'} limit ?`,
      )
      .all(
        group,
        cursor ?? (newestFirst ? Number.MAX_SAFE_INTEGER : 0),
        startTime,
        endTime,
        streams === undefined ? null : 1,
        JSON.stringify(streams ?? []),
        limit,
      )
      .map((row) => ({
        id: Number(row['id']),
        stream: String(row['stream']),
        timestamp: Number(row['timestamp']),
        message: String(row['message']),
      }));
  }

  /** Removes what is too old, then the oldest until the rest is small enough. */
  prune(): void {
    let storedBytes = 0;
    for (const group of this.groups()) {
      storedBytes += group.storedBytes;
      this.#store
        .prepare('delete from log_event where log_group = ? and timestamp < ?')
        .run(group.name, Date.now() - group.retentionDays * DAY_MS);
    }
    if (storedBytes <= LARGEST_SIZE_BYTES) return;
    this.#store
      .prepare(
        `delete from log_event where id <= (select max(id) from
         (select id, sum(length(message)) over (order by id desc) as newer from log_event) where newer > ?)`,
      )
      .run(LARGEST_SIZE_BYTES);
  }

  #retentionFor(group: string): number {
    return this.#retentionDays.get(group) ?? DEFAULT_RETENTION_DAYS;
  }
}
