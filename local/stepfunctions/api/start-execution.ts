import { randomUUID } from 'node:crypto';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/service.ts';
import type { Execution } from '../engine/execution.ts';
import { isTooLarge } from '../state-failure.ts';
import { isJson, optionalText, textIn, type StepFunctionsParts } from './parts.ts';

// Names may not hold what has a meaning in ARNs, JSON paths or URLs (Step Functions API).
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** StartExecution: one name starts one execution, however often it is asked for with the same input. */
export function startExecution({ cloud, engine, machines }: StepFunctionsParts): Operation {
  return {
    permissions: (input) => [{ action: 'states:StartExecution', resource: String(input['stateMachineArn']) }],
    async run(input) {
      const machine = machines.get(textIn(input, 'stateMachineArn'));
      const name = optionalText(input, 'name') ?? randomUUID();
      if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      const text = optionalText(input, 'input') ?? '{}';
      if (!isJson(text))
        throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${text.slice(0, 100)}' is not JSON`);
      if (isTooLarge(text))
        throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it may have at most 262144 bytes');
      const arn = `arn:aws:states:${cloud.region}:${cloud.accountId}:execution:${machine.name}:${name}`;
      const known = engine.executions.find(arn);
      if (known !== undefined) return started(sameStart(known, text));
      const { arn: stateMachineArn, name: stateMachineName, roleArn, definitionText } = machine;
      return started(await engine.start({ arn, name, stateMachineArn, stateMachineName, roleArn, input: text, definitionText }));
    },
  };
}

function sameStart(known: Execution, input: string): Execution {
  if (known.status === 'RUNNING' && known.input === input) return known;
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
}

function started({ arn, startedAt }: Execution): Record<string, unknown> {
  return { executionArn: arn, startDate: new Date(startedAt) };
}
