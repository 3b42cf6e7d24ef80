import type { Operation } from '../../gateway/service.ts';
import { executionIn, optionalText, type StepFunctionsParts } from './parts.ts';

/** StopExecution: ends it at once, and its jobs with it. One that has ended stays as it is. */
export function stopExecution(parts: StepFunctionsParts): Operation {
  const { engine } = parts;
  return {
    permissions: (input) => [{ action: 'states:StopExecution', resource: String(input['executionArn']) }],
    async run(input) {
      const execution = executionIn(parts, input);
      const error = optionalText(input, 'error');
      const cause = optionalText(input, 'cause');
      await engine.stop(execution, { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
      return { stopDate: new Date(executionIn(parts, input).stoppedAt ?? Date.now()) };
    },
  };
}
