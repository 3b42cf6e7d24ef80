import type { Members } from '../gateway/service.ts';
import type { MetricValue } from './metric-table.ts';

/** The metric values in a log line that is written in CloudWatch's embedded metric format; none in any other line. */
export function metricsIn(line: string): readonly MetricValue[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const document = parseObject(line);
  const directives: unknown = document?.['_aws']?.CloudWatchMetrics;
  if (document === undefined || !Array.isArray(directives)) return [];
  const timestamp = Number(document['_aws'].Timestamp);
  return directives.flatMap((directive: Members) => valuesOf(document, directive, timestamp));
}

/** Each metric counts once for every set of dimensions, as CloudWatch does it. */
function valuesOf(
  document: Members,
  { Namespace: namespace, Dimensions: sets = [[]], Metrics: metrics = [] }: Members,
  timestamp: number,
): MetricValue[] {
  return sets.flatMap((names: readonly string[]) => {
    const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
    return metrics.flatMap(({ Name: name, Unit: unit = 'None' }: Members) =>
      [document[name]]
        .flat()
        .flatMap((value: unknown) => (typeof value === 'number' ? [{ namespace, name, dimensions, unit, timestamp, value }] : [])),
    );
  });
}

function parseObject(line: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // A line that only looks like one.
    return undefined;
  }
}
