import type { Operation } from '../../gateway/service.ts';
import { executionIn, type StepFunctionsParts } from './parts.ts';

/** DescribeStateMachineForExecution: the definition that the execution started with. */
export function describeStateMachineForExecution(parts: StepFunctionsParts): Operation {
  const { engine } = parts;
  return {
    permissions: (input) => [{ action: 'states:DescribeStateMachineForExecution', resource: String(input['executionArn']) }],
    run(input) {
      const { stateMachineArn, stateMachineName, roleArn, definitionHash, startedAt } = executionIn(parts, input);
      return {
        stateMachineArn,
        name: stateMachineName,
        definition: engine.executions.definition(definitionHash),
        roleArn,
        // The definition was in force at that time; when it came into force is not kept.
        updateDate: new Date(startedAt),
      };
    },
  };
}
