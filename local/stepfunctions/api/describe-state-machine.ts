import type { Operation } from '../../gateway/service.ts';
import { textIn, type StepFunctionsParts } from './parts.ts';

/** DescribeStateMachine. */
export function describeStateMachine({ machines }: StepFunctionsParts): Operation {
  return {
    permissions: (input) => [{ action: 'states:DescribeStateMachine', resource: String(input['stateMachineArn']) }],
    run(input) {
      const { arn, name, definitionText, roleArn, createdAt, revisionId } = machines.get(textIn(input, 'stateMachineArn'));
      return {
        stateMachineArn: arn,
        name,
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: definitionText,
        roleArn,
        creationDate: new Date(createdAt),
        revisionId,
      };
    },
  };
}
