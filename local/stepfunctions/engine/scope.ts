import type { Scope } from '../expressions/evaluate.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Run } from './run.ts';
import type { Thread } from './thread.ts';

/** What the moment of an evaluation adds to what a state's expressions may name. */
export interface Moment {
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** The token of the task that is being prepared. */
  readonly taskToken?: string;
  /** The item that an ItemSelector is asked about. */
  readonly item?: MapItem;
}

interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** What the expressions of a thread's present state may name. */
export function scopeOf(run: Run, thread: Thread, { result, errorOutput, taskToken, item }: Moment = {}): Scope {
  return {
    stateName: thread.state,
    enteredEventId: thread.enteredEventId,
    variables: run.variablesOf(thread),
    states: {
      input: thread.input,
      context: contextObject(run, thread, taskToken, item),
      ...(result !== undefined && { result }),
      ...(errorOutput !== undefined && { errorOutput }),
    },
  };
}

function contextObject(run: Run, thread: Thread, taskToken: string | undefined, item: MapItem | undefined): JsonObject {
  const { arn, name, input, roleArn, startedAt, redriveCount, redrivenAt, stateMachineArn, stateMachineName } = run.execution;
  const mapItem = item ?? itemAround(run, thread);
  return {
    Execution: {
      Id: arn,
      Input: JSON.parse(input),
      Name: name,
      RoleArn: roleArn,
      StartTime: new Date(startedAt).toISOString(),
      RedriveCount: redriveCount,
      ...(redrivenAt !== undefined && { RedriveTime: new Date(redrivenAt).toISOString() }),
    },
    StateMachine: { Id: stateMachineArn, Name: stateMachineName },
    State: {
      Name: thread.state,
      EnteredTime: new Date(thread.enteredAt).toISOString(),
      RetryCount: thread.retries.reduce((sum, count) => sum + count, 0),
    },
    ...(taskToken !== undefined && { Task: { Token: taskToken } }),
    ...(mapItem !== undefined && { Map: { Item: { Index: mapItem.index, Value: mapItem.value } } }),
  };
}

/** The item of the innermost iteration that a thread belongs to. */
function itemAround(run: Run, thread: Thread): MapItem | undefined {
  const parent = run.parentOf(thread);
  if (parent === undefined) return undefined;
  const { activity } = parent;
  const value = activity.kind === 'join' ? activity.items?.[thread.index] : undefined;
  return value === undefined ? itemAround(run, parent) : { index: thread.index, value };
}
