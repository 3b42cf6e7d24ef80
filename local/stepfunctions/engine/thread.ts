import type { Json } from '../json.ts';
import type { Failure } from '../state-failure.ts';

/** What a thread does or waits for. */
export type Activity =
  /** About to enter its state. */
  | { readonly kind: 'enter' }
  /** About to do what its state does: first time, again after a failure, or redriven. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'wait'; readonly until: number }
  /** Runs the state again then. */
  | { readonly kind: 'retry'; readonly at: number }
  | TaskActivity
  | JoinActivity
  | { readonly kind: 'none' };

/** A task under way. It is in the database before anything outside is asked to do it. */
export interface TaskActivity {
  readonly kind: 'task';
  /** The event that holds the task's parameters: whoever must ask again reads them there. */
  readonly scheduledEventId: number;
  readonly phase: 'scheduled' | 'started' | 'submitted';
  /** What SendTaskSuccess and its like must name. */
  readonly token?: string;
  /** The job that a `.sync` task waits for. */
  readonly jobId?: string;
  /** Epoch milliseconds. */
  readonly deadline?: number;
  readonly heartbeatSeconds?: number;
  readonly heartbeatDeadline?: number;
}

/** Waits for branches or iterations. */
export interface JoinActivity {
  readonly kind: 'join';
  /** What a Map's iterations get; a Parallel's branches share one input. */
  readonly inputs: readonly Json[];
  /** The raw items, for the context object. Only a Map has them. */
  readonly items?: readonly Json[];
  /** How many children were started. */
  readonly begun: number;
  /** Most children at a time. */
  readonly atOnce: number;
}

/** One line of states: an execution's own, a branch of a Parallel, or an iteration of a Map. */
export interface Thread {
  readonly id: number;
  /** The thread whose state started it. */
  readonly parent?: number;
  /** Which branch or iteration. */
  readonly index: number;
  status: 'running' | 'succeeded' | 'failed' | 'aborted';
  state: string;
  input: Json;
  /** What the flow came to. */
  output?: Json;
  /** Why the flow failed. */
  failure?: Failure;
  /** Bound in this thread; outer ones are read through `parent`, never written. */
  variables: Record<string, Json>;
  activity: Activity;
  /** The id that the thread's next event names as previous. */
  lastEventId: number;
  /** Event of the state's entry, and the event before it. */
  enteredEventId: number;
  beforeEntryEventId: number;
  enteredAt: number;
  /** How often each retrier of the state was used. */
  retries: number[];
}

/** A thread about to enter its first state. */
export function newThread(start: Pick<Thread, 'id' | 'index' | 'state' | 'input' | 'lastEventId'> & { readonly parent?: number }): Thread {
  return {
    ...start,
    status: 'running',
    variables: {},
    activity: { kind: 'enter' },
    enteredEventId: 0,
    beforeEntryEventId: 0,
    enteredAt: 0,
    retries: [],
  };
}

/** When a thread must be woken, in epoch milliseconds; undefined when only something else wakes it. */
export function dueAt({ status, activity }: Thread): number | undefined {
  if (status !== 'running') return undefined;
  if (activity.kind === 'wait') return activity.until;
  if (activity.kind === 'retry') return activity.at;
  if (activity.kind !== 'task') return undefined;
  const { deadline, heartbeatDeadline } = activity;
  if (deadline === undefined || heartbeatDeadline === undefined) return deadline ?? heartbeatDeadline;
  return Math.min(deadline, heartbeatDeadline);
}
