import type { Operation } from '../../gateway/service.ts';
import { describeEvent } from '../history/history-event.ts';
import { executionIn, pageIn, pageOf, type StepFunctionsParts } from './parts.ts';

/** GetExecutionHistory. */
export function getExecutionHistory(parts: StepFunctionsParts): Operation {
  const { engine } = parts;
  return {
    permissions: (input) => [{ action: 'states:GetExecutionHistory', resource: String(input['executionArn']) }],
    run(input) {
      const execution = executionIn(parts, input);
      const page = pageIn(input);
      const found = engine.history.page(execution.id, {
        skip: page.skip,
        limit: page.limit + 1,
        newestFirst: input['reverseOrder'] === true,
      });
      const { page: shown, next } = pageOf(found, page);
      return { events: shown.map((event) => describeEvent(event, input['includeExecutionData'] !== false)), ...next };
    },
  };
}
