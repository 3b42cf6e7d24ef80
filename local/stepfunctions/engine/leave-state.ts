import type { Exit } from '../definition/state-machine.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { payload, type EventType } from '../history/history-event.ts';
import type { Json } from '../json.ts';
import { isTooLarge, StateFailedError } from '../state-failure.ts';
import type { Run } from './run.ts';
import { scopeOf, type Moment } from './scope.ts';
import type { Thread } from './thread.ts';

/** How a state is left: by which way, with what, and where its fields stand. */
export interface Leaving {
  readonly exit: Exit;
  /** The output where the exit shapes none. */
  readonly output: Json;
  readonly moment?: Moment;
  /** Where the exit's fields stand in the state, for error texts: `Catch[0]/`. @default '' */
  readonly fieldPrefix?: string;
}

/**
 * Binds variables, shapes the output, and moves the thread to the next state or to its flow's end. All expressions see
 * the values from before.
 * @throws StateFailedError
 */
export async function leaveState(run: Run, thread: Thread, { exit, output, moment, fieldPrefix = '' }: Leaving): Promise<void> {
  const scope = scopeOf(run, thread, moment);
  const assigned: Record<string, Json> = {};
  for (const [variable, template] of Object.entries(exit.assign ?? {})) {
    assigned[variable] = await evaluate(template, `${fieldPrefix}Assign/${variable}`, scope);
  }
  const result = exit.output === undefined ? output : await evaluate(exit.output, `${fieldPrefix}Output`, scope);
  const state = run.stateOf(thread);
  const text = JSON.stringify(result);
  if (isTooLarge(text)) {
    throw new StateFailedError({ error: 'States.DataLimitExceeded', cause: tooLarge(state.name) });
  }
  const variables = Object.fromEntries(Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]));
  const exited: EventType = state.type === 'Fail' ? 'SucceedStateExited' : `${state.type}StateExited`;
  run.append(thread, exited, {
    name: state.name,
    ...payload('output', text),
    ...(Object.keys(assigned).length > 0 && { assignedVariables: variables, assignedVariablesDetails: { truncated: false } }),
  });
  Object.assign(thread.variables, assigned);
  thread.retries = [];
  if (exit.next === undefined) {
    thread.status = 'succeeded';
    thread.output = result;
    thread.activity = { kind: 'none' };
  } else {
    thread.state = exit.next;
    thread.input = result;
    thread.activity = { kind: 'enter' };
  }
  run.wake(thread);
}

/** AWS's sentence about a payload over the limit. */
export function tooLarge(what: string): string {
  return `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}
