import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

/** Namespace of the metrics that our functions write. */
export const METRICS_NAMESPACE = 'Pulpit';

/** The dimension that keeps the metrics of two stages in one account apart. */
export const serviceName = ({ stage }: Settings): string => `pulpit-${stage}`;

/** What every function's logger, tracer and metrics read. */
export const observabilityEnvironment = (settings: Settings) =>
  ({
    POWERTOOLS_SERVICE_NAME: serviceName(settings),
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  }) as const;

/** A log group that keeps its lines as long as the stage says, and goes with its stack unless the stage keeps data. */
export function createLogGroup(scope: Construct, id: string, settings: Settings, logGroupName?: string): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    retention: retentionOf(settings),
    removalPolicy: removalPolicyOf(settings),
    ...(logGroupName === undefined ? {} : { logGroupName }),
  });
}

function retentionOf({ logRetentionDays }: Settings): logs.RetentionDays {
  // The enum's values are the days themselves.
  const retention = Object.values(logs.RetentionDays).find((days): days is logs.RetentionDays => Number(days) === logRetentionDays);
  if (retention === undefined) throw new Error(`logRetentionDays is ${logRetentionDays}, which CloudWatch Logs does not offer`);
  return retention;
}
