import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import type { Observability } from '../observability/observability.ts';
import { statisticsOf, withDimensions } from './statistics.ts';

// CloudWatch answers at most so many data points.
const MOST_DATAPOINTS = 1440;

/** GetMetricStatistics, without percentiles. */
export function getMetricStatistics(observability: Observability): Operation {
  return {
    permissions: () => [{ action: 'cloudwatch:GetMetricStatistics', resource: '*' }],
    run: (input) => {
      const start = timeIn(input['StartTime'], 'StartTime');
      const end = timeIn(input['EndTime'], 'EndTime');
      const period = Number(input['Period']) * 1000;
      if (!(period >= 60_000) || (end - start) / period > MOST_DATAPOINTS) {
        throw new AwsError('InvalidParameterCombination', `Period must be at least 60 and leave at most ${MOST_DATAPOINTS} data points.`);
      }
      const dimensions: readonly { Name: string; Value: string }[] = input['Dimensions'] ?? [];
      const all = observability.readMetric(String(input['Namespace']), String(input['MetricName']), start, end);
      const minutes = withDimensions(all, Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])));
      const byPeriod = Map.groupBy(minutes, ({ minute }) => start + Math.floor((minute - start) / period) * period);
      const datapoints = [...byPeriod].map(([time, parts]) => {
        const asked: readonly string[] = input['Statistics'] ?? [];
        return {
          Timestamp: new Date(time),
          Unit: parts[0]?.unit ?? 'None',
          ...Object.fromEntries(Object.entries(statisticsOf(parts)).filter(([name]) => asked.includes(name))),
        };
      });
      return { Label: String(input['MetricName']), Datapoints: datapoints };
    },
  };
}

/** Epoch milliseconds of a member that is seconds on the wire and may be a date or text from within. */
function timeIn(value: unknown, member: string): number {
  const time = value instanceof Date ? value.getTime() : typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (Number.isNaN(time)) throw new AwsError('InvalidParameterValue', `${member} is no time: ${String(value)}`);
  return time;
}
