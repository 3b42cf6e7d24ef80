import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/service.ts';
import { redriveStanding } from '../redrive-standing.ts';
import { executionIn, optionalText, type StepFunctionsParts } from './parts.ts';

/** RedriveExecution: goes on at the state that failed, with the definition that the execution started with. */
export function redriveExecution(parts: StepFunctionsParts): Operation {
  const { engine } = parts;
  return {
    permissions: (input) => [{ action: 'states:RedriveExecution', resource: String(input['executionArn']) }],
    async run(input) {
      const execution = executionIn(parts, input);
      const clientToken = optionalText(input, 'clientToken');
      const isRepeated = clientToken !== undefined && clientToken === execution.redriveToken;
      if (!isRepeated) {
        const { redriveStatusReason } = redriveStanding(execution, engine.history.lastId(execution.id));
        if (redriveStatusReason !== undefined)
          throw new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${redriveStatusReason}'`);
        await engine.redrive(execution, clientToken);
      }
      return { redriveDate: new Date(execution.redrivenAt ?? Date.now()) };
    },
  };
}
