import type { ChoiceState, Exit } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { Thread } from '../engine/thread.ts';
import { evaluateAs } from '../expressions/evaluate.ts';
import { StateFailedError } from '../state-failure.ts';

/** Takes the first way whose condition holds. */
export async function beginChoice(run: Run, thread: Thread, state: ChoiceState): Promise<void> {
  const scope = scopeOf(run, thread);
  for (const [index, rule] of state.choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    if ((await evaluateAs('boolean', rule.condition, field, scope)) === true) {
      await leaveState(run, thread, { exit: rule, output: thread.input, fieldPrefix: `Choices[${index}]/` });
      return;
    }
  }
  if (state.default === undefined) {
    throw new StateFailedError({
      error: 'States.NoChoiceMatched',
      cause: `No choice rule of the state '${state.name}' matched, and it has no Default`,
    });
  }
  // Assign and Output beside Default belong to that way.
  const exit: Exit = { ...state, next: state.default };
  await leaveState(run, thread, { exit, output: thread.input });
}
