import type { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { removalPolicyOf } from './settings.ts';

/** What every function's logger, tracer and metrics read. */
export const observabilityEnvironment = {
  POWERTOOLS_SERVICE_NAME: 'pulpit',
  POWERTOOLS_METRICS_NAMESPACE: 'Pulpit',
  POWERTOOLS_LOG_LEVEL: 'INFO',
} as const;

/** A log group that keeps its lines as long as the stage says, and goes with its stack unless the stage keeps data. */
export function createLogGroup(scope: Construct, id: string, settings: Settings, logGroupName?: string): logs.LogGroup {
  const removalPolicy: RemovalPolicy = removalPolicyOf(settings);
  return new logs.LogGroup(scope, id, {
    // The numbers are the days themselves, and validateSettings allows no other.
    retention: settings.logRetentionDays as logs.RetentionDays,
    removalPolicy,
    ...(logGroupName === undefined ? {} : { logGroupName }),
  });
}
