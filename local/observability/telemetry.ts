import type { Members } from '../gateway/service.ts';
import type { Store } from '../store/store.ts';
import { metricsIn } from './embedded-metrics.ts';
import { LogTable } from './log-table.ts';
import { MetricTable, type MetricValue } from './metric-table.ts';
import { TraceTable } from './trace-table.ts';

// Lines are written together so that a chatty function costs a few commits a second. A crash may lose this much of the log.
const FLUSH_AFTER_MS = 200;
// Pruning reads the whole table, so it is rare.
const PRUNE_EVERY_FLUSHES = 2000;

/** Logs, metrics and traces on their way into the store. */
export class Telemetry {
  readonly logs: LogTable;
  readonly metrics: MetricTable;
  readonly traces: TraceTable;
  readonly #store: Store;
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushes = 0;

  constructor(store: Store) {
    this.#store = store;
    this.logs = new LogTable(store);
    this.metrics = new MetricTable(store);
    this.traces = new TraceTable(store);
  }

  /** Adds a line to a log stream; metrics that the line holds are counted. */
  putLog(group: string, stream: string, line: string, timestamp = Date.now()): void {
    this.#later(() => {
      this.logs.add(group, stream, timestamp, line);
      for (const value of metricsIn(line)) this.metrics.add(value);
    });
  }

  putMetric(value: MetricValue): void {
    this.#later(() => this.metrics.add(value));
  }

  putSegment(segment: Members): void {
    this.#later(() => this.traces.add(segment));
  }

  /** Writes what waits; whoever reads calls it first. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const writes = this.#waiting;
    this.#waiting = [];
    this.#store.write(() => {
      for (const write of writes) write();
      this.#flushes += 1;
      if (this.#flushes % PRUNE_EVERY_FLUSHES === 0) this.prune();
    });
  }

  /** Removes what is too old or too much. */
  prune(): void {
    this.#store.write(() => {
      this.logs.prune();
      this.metrics.prune();
      this.traces.prune();
    });
  }

  #later(write: () => void): void {
    this.#waiting.push(write);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }
}
