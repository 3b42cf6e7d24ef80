import type { FailState } from '../definition/state-machine.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { Thread } from '../engine/thread.ts';
import { evaluateAs } from '../expressions/evaluate.ts';
import { StateFailedError } from '../state-failure.ts';

/** Ends the flow with a failure. @throws StateFailedError always */
export async function beginFail(run: Run, thread: Thread, state: FailState): Promise<never> {
  const scope = scopeOf(run, thread);
  const error = state.error === undefined ? undefined : await evaluateAs('string', state.error, 'Error', scope);
  const cause = state.cause === undefined ? undefined : await evaluateAs('string', state.cause, 'Cause', scope);
  throw new StateFailedError({
    ...(typeof error === 'string' && { error }),
    ...(typeof cause === 'string' && { cause }),
  });
}
