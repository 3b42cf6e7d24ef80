import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, serviceName } from './observability.ts';
import type { Settings } from './settings.ts';

/** A metric that our functions write; the name is the one in the code. */
export const businessMetric = (settings: Settings, metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: serviceName(settings) },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });

/** One line for each step of the workflow that has data. */
export const stepMetrics = (settings: Settings, metricName: string, statistic: string): cloudwatch.MathExpression =>
  new cloudwatch.MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},service,step} service="${serviceName(settings)}" MetricName="${metricName}"', '${statistic}')`,
    usingMetrics: {},
    label: '',
  });
