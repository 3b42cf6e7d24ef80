import type { CloudEvent } from '../cloud.ts';
import type { Execution } from './engine/execution.ts';
import { redriveStanding } from './redrive-standing.ts';

/** The event "Step Functions Execution Status Change", as AWS documents it. */
export function statusEvent(execution: Execution, lastEventId: number): CloudEvent {
  const { arn, stateMachineArn, name, status, input, output, error, cause, startedAt, stoppedAt, redriveCount, redrivenAt } = execution;
  const { redriveStatus, redriveStatusReason } = redriveStanding(execution, lastEventId);
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name,
      status,
      startDate: startedAt,
      stopDate: stoppedAt ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
      redriveCount,
      redriveDate: redrivenAt ?? null,
      redriveStatus,
      redriveStatusReason: redriveStatusReason ?? null,
    },
  };
}
