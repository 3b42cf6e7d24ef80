import type { Operation } from '../../gateway/service.ts';
import { redriveStanding } from '../redrive-standing.ts';
import { executionIn, type StepFunctionsParts } from './parts.ts';

/** DescribeExecution. */
export function describeExecution(parts: StepFunctionsParts): Operation {
  const { engine } = parts;
  return {
    permissions: (input) => [{ action: 'states:DescribeExecution', resource: String(input['executionArn']) }],
    run(request) {
      const execution = executionIn(parts, request);
      const { arn, stateMachineArn, name, status, input, output, error, cause, startedAt, stoppedAt, redriveCount, redrivenAt } = execution;
      const included = request['includedData'] !== 'METADATA_ONLY';
      return {
        executionArn: arn,
        stateMachineArn,
        name,
        status,
        startDate: new Date(startedAt),
        ...(stoppedAt !== undefined && { stopDate: new Date(stoppedAt) }),
        inputDetails: { included },
        ...(included && { input }),
        ...(output !== undefined && { outputDetails: { included }, ...(included && { output }) }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
        redriveCount,
        ...(redrivenAt !== undefined && { redriveDate: new Date(redrivenAt) }),
        ...redriveStanding(execution, engine.history.lastId(execution.id)),
      };
    },
  };
}
