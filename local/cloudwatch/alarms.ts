import type { Cloud } from '../cloud.ts';
import type { Observability } from '../observability/observability.ts';
import type { MetricMinute } from '../observability/metric-table.ts';
import type { Alarm } from './alarm.ts';
import { AlarmTable, type StoredState } from './alarm-table.ts';
import { evaluateAlarm, evaluationSpan, type AlarmState } from './evaluate-alarm.ts';
import { withDimensions } from './statistics.ts';

/** An alarm that has just changed its state. */
export interface AlarmChange {
  readonly alarm: Alarm;
  readonly before: AlarmState;
  readonly after: AlarmState;
  readonly reason: string;
}

/** The alarms of the local account, judged by the metrics of the local account. */
export class Alarms {
  readonly #cloud: Cloud;
  readonly #observability: Observability;
  readonly #table: AlarmTable;
  readonly #alarms = new Map<string, Alarm>();

  constructor(cloud: Cloud, observability: Observability) {
    this.#cloud = cloud;
    this.#observability = observability;
    this.#table = new AlarmTable(cloud.store);
  }

  define(alarm: Alarm): void {
    this.#alarms.set(alarm.name, alarm);
  }

  /** All alarms by name. */
  get all(): readonly (readonly [Alarm, StoredState])[] {
    return [...this.#alarms.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((alarm) => [alarm, this.#table.read(alarm.name)]);
  }

  /** Judges every alarm as of `now`, keeps the states and returns those that changed. */
  evaluate(now: number): readonly AlarmChange[] {
    const judged = this.all.map(([alarm, { state: before }]) => {
      const { start, end } = evaluationSpan(alarm, now);
      return { alarm, before, ...evaluateAlarm(alarm, this.#minutes(alarm, start, end), start, before) };
    });
    this.#cloud.store.write(() => {
      for (const { alarm, state, reason } of judged) this.#table.write(alarm.name, state, reason, now);
    });
    return judged.flatMap(({ alarm, before, state: after, reason }) => (before === after ? [] : [{ alarm, before, after, reason }]));
  }

  #minutes({ namespace, metric, dimensions }: Alarm, start: number, end: number): readonly MetricMinute[] {
    return withDimensions(this.#observability.readMetric(namespace, metric, start, end), dimensions);
  }
}
