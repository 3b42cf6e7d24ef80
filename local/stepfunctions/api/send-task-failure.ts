import type { Operation } from '../../gateway/service.ts';
import { optionalText, type StepFunctionsParts } from './parts.ts';
import { tokenPermissions, useToken } from './task-token.ts';

/** SendTaskFailure: the task that waits for the token fails like this. */
export function sendTaskFailure(parts: StepFunctionsParts): Operation {
  return {
    permissions: (input) => tokenPermissions(parts, 'SendTaskFailure', input),
    run(input) {
      const error = optionalText(input, 'error');
      const cause = optionalText(input, 'cause');
      const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
      return useToken(parts, input, (token) => parts.engine.answerToken(token, { kind: 'failed', failure }));
    },
  };
}
