import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/service.ts';
import { parseJson } from '../json.ts';
import { isTooLarge } from '../state-failure.ts';
import { isJson, textIn, type StepFunctionsParts } from './parts.ts';
import { tokenPermissions, useToken } from './task-token.ts';

/** SendTaskSuccess: the task that waits for the token ends with this output. */
export function sendTaskSuccess(parts: StepFunctionsParts): Operation {
  return {
    permissions: (input) => tokenPermissions(parts, 'SendTaskSuccess', input),
    run(input) {
      const output = textIn(input, 'output');
      if (!isJson(output) || isTooLarge(output))
        throw new AwsError('InvalidOutput', 'Invalid Output: the output must be JSON of at most 262144 bytes');
      return useToken(parts, input, (token) => parts.engine.answerToken(token, { kind: 'succeeded', output: parseJson(output) }));
    },
  };
}
