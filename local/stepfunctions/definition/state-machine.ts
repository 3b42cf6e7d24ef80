import type { Json, JsonObject } from '../json.ts';

/** States and where to begin: a whole state machine, a branch of a Parallel, the iteration of a Map. */
export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A state machine's definition, checked. */
export interface Definition extends Flow {
  /** Longest an execution may take. @default no limit */
  readonly timeoutSeconds?: number;
}

/** What a state does once it is done: bind variables, shape its output, go on. */
export interface Exit {
  /** Variables by name; values may hold expressions. @default none */
  readonly assign?: JsonObject;
  /** @default the state's result */
  readonly output?: Json;
  /** @default the flow ends here */
  readonly next?: string;
}

/** When and how often a failed state runs again. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  /** FULL draws each delay evenly between zero and what it would be. */
  readonly jitter: 'FULL' | 'NONE';
}

/** Where a failed state goes once nothing retries it. */
export interface Catcher extends Exit {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

interface Named {
  readonly name: string;
}

/** A state that may fail for reasons outside the workflow. */
export interface Fallible {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface TaskState extends Named, Exit, Fallible {
  readonly type: 'Task';
  readonly resource: string;
  readonly arguments?: Json;
  /** Seconds or an expression for them. */
  readonly timeoutSeconds?: number | string;
  readonly heartbeatSeconds?: number | string;
}

export interface PassState extends Named, Exit {
  readonly type: 'Pass';
}

/** One way out of a Choice. */
export interface ChoiceRule extends Exit {
  readonly condition: Json;
  readonly next: string;
}

export interface ChoiceState extends Named, Exit {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  /** @default none: States.NoChoiceMatched */
  readonly default?: string;
}

export interface WaitState extends Named, Exit {
  readonly type: 'Wait';
  readonly seconds?: number | string;
  /** ISO 8601 with an offset, or an expression for it. */
  readonly timestamp?: string;
}

export interface SucceedState extends Named, Pick<Exit, 'output'> {
  readonly type: 'Succeed';
}

export interface FailState extends Named {
  readonly type: 'Fail';
  readonly error?: string;
  readonly cause?: string;
}

export interface ParallelState extends Named, Exit, Fallible {
  readonly type: 'Parallel';
  readonly arguments?: Json;
  readonly branches: readonly Flow[];
}

export interface MapState extends Named, Exit, Fallible {
  readonly type: 'Map';
  /** @default the state's input */
  readonly items?: Json;
  /** @default the item */
  readonly itemSelector?: Json;
  readonly maxConcurrency?: number | string;
  readonly toleratedFailureCount?: number | string;
  readonly toleratedFailurePercentage?: number | string;
  readonly processor: Flow;
}

export type State = TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;
