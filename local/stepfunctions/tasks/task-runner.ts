import type { Json } from '../json.ts';
import type { Failure } from '../state-failure.ts';

/** A task as whoever does it sees it. */
export interface Task {
  readonly executionArn: string;
  /** The role that it is called as. */
  readonly roleArn: string;
  readonly stateName: string;
  /** The evaluated Arguments, as the history shows them. */
  readonly arguments: Json;
}

/** How a task came out. */
export type TaskOutcome =
  | { readonly kind: 'succeeded'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'timedOut'; readonly failure: Failure };

/** What the state machine does with one Resource. */
export interface Integration {
  /** A function's own ARN has events of its own kind. */
  readonly events: 'Task' | 'LambdaFunction';
  /** As the history names them: `ecs` and `runTask.sync`; for a function's ARN, `resource` is the ARN. */
  readonly resourceType: string;
  readonly resource: string;
  /** What ends the task: the answer, a job that the answer names, or a call with the task's token. */
  readonly endsWith: 'answer' | 'job' | 'token';
  /** The parameters that are sent and that the history shows. @default the evaluated Arguments */
  parameters?(args: Json): Json;
  /** Asks for it. The answer of a job or token task goes into TaskSubmitted. Never rejects. */
  submit(task: Task): Promise<TaskOutcome>;
  /**
   * The call only writes to the store, in the turn in which it is made: it is atomic with the history and needs no
   * commit first.
   */
  readonly onlyWrites?: boolean;
  /** How to follow a job. */
  readonly job?: {
    /** The job's id in the answer. */
    idOf(answer: Json): string;
    /** How the job came out; undefined while it runs. Never rejects. */
    outcome(task: Task, jobId: string): Promise<TaskOutcome | undefined>;
    /** Stops the job as well as it can. Never rejects. */
    cancel(task: Task, jobId: string): Promise<void>;
  };
}

/** Whoever does the tasks: services behind the gateway, or recorded answers. */
export interface TaskRunner {
  /** @throws Error with a sentence for the author of the definition when the Resource is not supported */
  integration(resource: string): Integration;
}
