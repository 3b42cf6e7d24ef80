import type { Store } from '../store/store.ts';

/** One measured value. */
export interface MetricValue {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly value: number;
}

/** Statistics of one metric over one minute. */
export interface MetricMinute {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Start of the minute, epoch milliseconds. */
  readonly minute: number;
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

const MINUTE_MS = 60_000;
// CloudWatch keeps one-minute data points for 15 days.
const RETENTION_MS = 15 * 86_400_000;

/** Metrics, added up by the minute. */
export class MetricTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists metric_minute (
        namespace text not null, name text not null, dimensions text not null, unit text not null, minute integer not null,
        count integer not null, sum real not null, least real not null, most real not null,
        primary key (namespace, name, dimensions, unit, minute)
      ) strict, without rowid`,
    );
  }

  add({ namespace, name, dimensions, unit, timestamp, value }: MetricValue): void {
    this.#store
      .prepare(
        `insert into metric_minute values (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6, ?6) on conflict do update set
         count = count + 1, sum = sum + ?6, least = min(least, ?6), most = max(most, ?6)`,
      )
      .run(namespace, name, sortedJson(dimensions), unit, Math.floor(timestamp / MINUTE_MS) * MINUTE_MS, value);
  }

  /** The minutes of a metric from `startTime` (included) to `endTime` (excluded), over all its dimensions, oldest first. */
  read(namespace: string, name: string, startTime: number, endTime: number): readonly MetricMinute[] {
    return this.#store
      .prepare('select * from metric_minute where namespace = ? and name = ? and minute >= ? and minute < ? order by minute')
      .all(namespace, name, startTime, endTime)
      .map((row) => ({
        dimensions: JSON.parse(String(row['dimensions'])),
        unit: String(row['unit']),
        minute: Number(row['minute']),
        count: Number(row['count']),
        sum: Number(row['sum']),
        least: Number(row['least']),
        most: Number(row['most']),
      }));
  }

  prune(): void {
    this.#store.prepare('delete from metric_minute where minute < ?').run(Date.now() - RETENTION_MS);
  }
}

function sortedJson(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
