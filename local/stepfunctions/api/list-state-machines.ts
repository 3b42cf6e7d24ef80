import type { Operation } from '../../gateway/service.ts';
import { pageIn, pageOf, type StepFunctionsParts } from './parts.ts';

/** ListStateMachines. */
export function listStateMachines({ machines }: StepFunctionsParts): Operation {
  return {
    permissions: () => [{ action: 'states:ListStateMachines', resource: '*' }],
    run(input) {
      const page = pageIn(input);
      const { page: shown, next } = pageOf(machines.all.slice(page.skip, page.skip + page.limit + 1), page);
      return {
        stateMachines: shown.map(({ arn, name, createdAt }) => ({
          stateMachineArn: arn,
          name,
          type: 'STANDARD',
          creationDate: new Date(createdAt),
        })),
        ...next,
      };
    },
  };
}
