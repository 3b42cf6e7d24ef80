/** What the display needs of one event of an execution's history. */
export interface RunEvent {
  readonly executionName: string;
  /** A HistoryEventType of Step Functions, such as `TaskStateEntered`. */
  readonly type: string;
  /** Name of the state that the event belongs to; none for events of the execution itself. */
  readonly stateName?: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** When the state was entered or the execution started, which may be before anybody watched. Epoch milliseconds. */
  readonly since: number;
  /** Service of a task, such as `lambda` or `mediaconvert`. */
  readonly resourceType?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export type StateStatus = 'waiting' | 'running' | 'retrying' | 'done' | 'failed';

/** One line of the display: a state that is being worked on, or has been. */
export interface StateLine {
  readonly executionName: string;
  readonly state: string;
  readonly status: StateStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Attempts that failed so far. */
  readonly failures: number;
}

/** How a run ended. */
export interface RunEnd {
  readonly executionName: string;
  readonly succeeded: boolean;
  readonly lastState: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly seconds: number;
}

// Deciding and passing on takes no time that anybody waits for.
const SILENT_STATES = /^(Choice|Pass|Parallel|Succeed|Map)State/;

/** Follows runs by their history events and says which line has changed. */
export class RunProgress {
  readonly #lines = new Map<string, StateLine>();
  readonly #lastState = new Map<string, string>();

  /** Takes one event; returns the line it changed or the end it tells of, if any. */
  take(event: RunEvent): { readonly line?: StateLine; readonly end?: RunEnd } {
    const { executionName, type, stateName } = event;
    if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(type)) return { end: this.#end(event) };
    if (stateName === undefined) return {};
    if (type.endsWith('StateEntered')) this.#lastState.set(executionName, stateName);
    if (SILENT_STATES.test(type)) return {};
    const key = `${executionName}\n${stateName}`;
    const line = nextLine(this.#lines.get(key), event, stateName);
    if (line === undefined) return {};
    this.#lines.set(key, line);
    return { line };
  }

  /** Lines of states that are not finished. */
  open(): readonly StateLine[] {
    return [...this.#lines.values()].filter(({ endedAt }) => endedAt === undefined);
  }

  #end({ executionName, type, at, since, error, cause }: RunEvent): RunEnd {
    for (const [key, line] of this.#lines) if (line.executionName === executionName) this.#lines.delete(key);
    return {
      executionName,
      succeeded: type === 'ExecutionSucceeded',
      lastState: this.#lastState.get(executionName) ?? '',
      error,
      cause,
      seconds: (at - since) / 1000,
    };
  }
}

function nextLine(
  line: StateLine | undefined,
  { executionName, type, resourceType, at, since }: RunEvent,
  state: string,
): StateLine | undefined {
  if (type.endsWith('StateEntered')) {
    return { executionName, state, status: type === 'WaitStateEntered' ? 'waiting' : 'running', startedAt: at, failures: 0 };
  }
  const known = line ?? { executionName, state, status: 'running', startedAt: since, failures: 0 };
  if (type.endsWith('StateExited')) return { ...known, status: 'done', endedAt: at };
  if (/^(Task|LambdaFunction)(Failed|TimedOut|SubmitFailed|StartFailed)$/.test(type))
    return { ...known, status: 'failed', failures: known.failures + 1 };
  // A failed attempt that is scheduled again has gone into its next try.
  if (/^(Task|LambdaFunction)Scheduled$/.test(type) && known.failures > 0) return { ...known, status: 'retrying' };
  // A function that was handed a task token has done its part; the run waits until somebody returns it. A submitted job is at work.
  if (type === 'TaskSubmitted' && resourceType === 'lambda') return { ...known, status: 'waiting' };
  return undefined;
}
