import type { MetricMinute } from '../observability/metric-table.ts';
import { breaches, type Alarm } from './alarm.ts';
import { statisticsOf } from './statistics.ts';

/** How an alarm stands, by the names that CloudWatch uses. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A judgement and its sentence. */
export interface Judgement {
  readonly state: AlarmState;
  readonly reason: string;
}

/** The span of an alarm that is judged at `now`: whole periods up to the last full minute, epoch milliseconds. */
export function evaluationSpan({ periodSeconds, evaluationPeriods }: Alarm, now: number): { readonly start: number; readonly end: number } {
  const end = Math.floor(now / 60_000) * 60_000;
  return { start: end - evaluationPeriods * periodSeconds * 1000, end };
}

/** Judges an alarm by the minutes of its span. Periods without data count as the alarm says. */
export function evaluateAlarm(alarm: Alarm, minutes: readonly MetricMinute[], start: number, before: AlarmState): Judgement {
  const values = Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
    const from = start + index * alarm.periodSeconds * 1000;
    const inPeriod = minutes.filter(({ minute }) => minute >= from && minute < from + alarm.periodSeconds * 1000);
    return inPeriod.length === 0 ? undefined : statisticsOf(inPeriod)[alarm.statistic];
  });
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return withoutData(alarm, before);
  const missing = values.length - known.length;
  const breaching = known.filter((value) => breaches(alarm, value)).length + (alarm.missingData === 'breaching' ? missing : 0);
  const state = breaching >= alarm.datapointsToAlarm ? 'ALARM' : 'OK';
  const shown = known.map((value) => Math.round(value * 100) / 100).join(', ');
  return {
    state,
    reason: `${alarm.statistic} of ${alarm.metric} was ${shown} in ${known.length} of the last ${values.length} periods of ${alarm.periodSeconds} s; ${alarm.datapointsToAlarm} must be ${alarm.comparison} ${alarm.threshold}`,
  };
}

function withoutData({ missingData, metric, evaluationPeriods, periodSeconds }: Alarm, before: AlarmState): Judgement {
  const states = { missing: 'INSUFFICIENT_DATA', notBreaching: 'OK', breaching: 'ALARM', ignore: before } as const;
  return {
    state: states[missingData],
    reason: `${metric} has no data in the last ${evaluationPeriods} periods of ${periodSeconds} s, which the alarm treats as ${missingData}`,
  };
}
