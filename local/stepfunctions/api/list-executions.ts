import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/service.ts';
import type { ExecutionStatus } from '../engine/execution.ts';
import { pageIn, pageOf, textIn, type StepFunctionsParts } from './parts.ts';

const STATUSES: readonly ExecutionStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** ListExecutions of one state machine, newest first. */
export function listExecutions({ engine, machines }: StepFunctionsParts): Operation {
  return {
    permissions: (input) => [{ action: 'states:ListExecutions', resource: String(input['stateMachineArn']) }],
    run(input) {
      const { arn: stateMachineArn } = machines.get(textIn(input, 'stateMachineArn'));
      const page = pageIn(input);
      const found = engine.executions.list(stateMachineArn, statusIn(input['statusFilter']), page.skip, page.limit + 1);
      const { page: shown, next } = pageOf(found, page);
      return {
        executions: shown.map(({ arn, name, status, startedAt, stoppedAt, redriveCount, redrivenAt }) => ({
          executionArn: arn,
          stateMachineArn,
          name,
          status,
          startDate: new Date(startedAt),
          ...(stoppedAt !== undefined && { stopDate: new Date(stoppedAt) }),
          redriveCount,
          ...(redrivenAt !== undefined && { redriveDate: new Date(redrivenAt) }),
        })),
        ...next,
      };
    },
  };
}

function statusIn(value: unknown): ExecutionStatus | undefined {
  const status = STATUSES.find((known) => known === value);
  if (status !== undefined || value === undefined) return status;
  throw new AwsError('ValidationException', `statusFilter must be one of ${STATUSES.join(', ')}`);
}
