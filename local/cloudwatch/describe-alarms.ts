import type { Members, Operation } from '../gateway/service.ts';
import type { Alarm } from './alarm.ts';
import type { StoredState } from './alarm-table.ts';
import type { Alarms } from './alarms.ts';

/** DescribeAlarms, all on one page. */
export function describeAlarms(alarms: Alarms): Operation {
  return {
    permissions: () => [{ action: 'cloudwatch:DescribeAlarms', resource: '*' }],
    run: (input) => {
      const names: readonly string[] | undefined = input['AlarmNames'];
      const prefix = String(input['AlarmNamePrefix'] ?? '');
      const state: unknown = input['StateValue'];
      const asked = alarms.all.filter(
        ([{ name }, stored]) =>
          (names === undefined || names.length === 0 || names.includes(name)) &&
          name.startsWith(prefix) &&
          (state === undefined || stored.state === state),
      );
      return { MetricAlarms: asked.map(([alarm, stored]) => metricAlarm(alarm, stored)), CompositeAlarms: [] };
    },
  };
}

function metricAlarm(alarm: Alarm, { state, reason, since }: StoredState): Members {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    ActionsEnabled: true,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: [],
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(since),
    Namespace: alarm.namespace,
    MetricName: alarm.metric,
    Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: alarm.statistic,
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missingData,
  };
}
