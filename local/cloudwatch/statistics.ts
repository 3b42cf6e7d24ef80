import type { MetricMinute } from '../observability/metric-table.ts';
import type { Statistic } from './alarm.ts';

/** All statistics of some minutes of one metric, at least one. */
export function statisticsOf(minutes: readonly MetricMinute[]): Readonly<Record<Statistic, number>> {
  const sum = minutes.reduce((total, part) => total + part.sum, 0);
  const count = minutes.reduce((total, part) => total + part.count, 0);
  return {
    Sum: sum,
    SampleCount: count,
    Average: sum / count,
    Minimum: Math.min(...minutes.map(({ least }) => least)),
    Maximum: Math.max(...minutes.map(({ most }) => most)),
  };
}

/** Those minutes that have these dimensions and no others: CloudWatch takes each combination for a metric of its own. */
export function withDimensions(minutes: readonly MetricMinute[], dimensions: Readonly<Record<string, string>>): readonly MetricMinute[] {
  const names = Object.keys(dimensions);
  return minutes.filter(
    ({ dimensions: found }) => Object.keys(found).length === names.length && names.every((name) => found[name] === dimensions[name]),
  );
}
