import type { Cloud } from '../cloud.ts';
import type { Observability } from '../observability/observability.ts';

const METRICS: Readonly<Record<string, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** Counts how executions begin and end, as Step Functions does for CloudWatch. */
export function countExecutions(cloud: Cloud, observability: Observability): void {
  cloud.events.listen('aws.states', ({ detailType, detail }) => {
    const name = detailType === 'Step Functions Execution Status Change' ? METRICS[String(detail['status'])] : undefined;
    if (name === undefined) return;
    observability.putMetric({
      namespace: 'AWS/States',
      name,
      dimensions: { StateMachineArn: String(detail['stateMachineArn']) },
      unit: 'Count',
      timestamp: Date.now(),
      value: 1,
    });
  });
}
