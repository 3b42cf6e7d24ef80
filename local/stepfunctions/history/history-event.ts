import type { Json } from '../json.ts';

/**
 * The types of event that an execution here can have. Their place in this list is what the database stores: add at the end only.
 */
export const EVENT_TYPES = [
  'ExecutionStarted',
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionAborted',
  'ExecutionTimedOut',
  'ExecutionRedriven',
  'EvaluationFailed',
  'TaskStateEntered',
  'TaskStateExited',
  'TaskStateAborted',
  'TaskScheduled',
  'TaskStarted',
  'TaskSubmitted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'LambdaFunctionScheduled',
  'LambdaFunctionStarted',
  'LambdaFunctionSucceeded',
  'LambdaFunctionFailed',
  'LambdaFunctionTimedOut',
  'PassStateEntered',
  'PassStateExited',
  'ChoiceStateEntered',
  'ChoiceStateExited',
  'WaitStateEntered',
  'WaitStateExited',
  'WaitStateAborted',
  'SucceedStateEntered',
  'SucceedStateExited',
  'FailStateEntered',
  'ParallelStateEntered',
  'ParallelStateExited',
  'ParallelStateStarted',
  'ParallelStateSucceeded',
  'ParallelStateFailed',
  'ParallelStateAborted',
  'MapStateEntered',
  'MapStateExited',
  'MapStateStarted',
  'MapStateSucceeded',
  'MapStateFailed',
  'MapStateAborted',
  'MapIterationStarted',
  'MapIterationSucceeded',
  'MapIterationFailed',
  'MapIterationAborted',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** What an event tells beside its type; payloads are JSON text, as the API gives them. */
export type EventDetails = { readonly [member: string]: Json };

/** One event of an execution's history. */
export interface HistoryEvent {
  /** Counted from 1. */
  readonly id: number;
  /** The event that led to this one; 0 for none. */
  readonly previousEventId: number;
  readonly type: EventType;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly details?: EventDetails;
}

/** Members of details that hold an execution's data, which a reader may leave out. */
const DATA_MEMBERS = ['input', 'output', 'parameters', 'assignedVariables'];

/** The event as GetExecutionHistory gives it. */
export function describeEvent({ id, previousEventId, type, at, details }: HistoryEvent, includeData = true): Record<string, unknown> {
  const event: Record<string, unknown> = { timestamp: new Date(at), type, id, previousEventId };
  if (details !== undefined) {
    const shown = includeData ? details : Object.fromEntries(Object.entries(details).filter(([member]) => !DATA_MEMBERS.includes(member)));
    event[detailsMember(type)] = shown;
  }
  return event;
}

/** Adds what AWS puts beside a payload in an event: that nothing was cut off. */
export function payload(member: 'input' | 'output', text: string): EventDetails {
  return { [member]: text, [`${member}Details`]: { truncated: false } };
}

function detailsMember(type: EventType): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
