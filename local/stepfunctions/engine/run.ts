import type { Definition, Flow, State } from '../definition/state-machine.ts';
import type { EventDetails, EventType, HistoryEvent } from '../history/history-event.ts';
import type { Json } from '../json.ts';
import { StateFailedError } from '../state-failure.ts';
import type { Integration, TaskRunner } from '../tasks/task-runner.ts';
import type { Execution } from './execution.ts';
import { newThread, type TaskActivity, type Thread } from './thread.ts';

// A history holds at most 25,000 events; the last one says how the execution ended.
const MOST_EVENTS = 25_000;

/** What a run needs of the engine. */
export interface RunServices {
  readonly tasks: TaskRunner;
  /** Epoch milliseconds. */
  now(): number;
  /** The region that task events name. */
  readonly region: string;
  /** Asks for a task that is scheduled; called once that is written. */
  perform(run: Run, thread: Thread): void;
  /** Looks how a job came out; called once the job is written. */
  follow(run: Run, thread: Thread): void;
  /** How to stop the job that a thread waits for. */
  canceller(run: Run, thread: Thread, activity: TaskActivity): () => void;
}

/** Something that happened to a run. */
export interface RunNotice {
  readonly type: EventType | 'RetryScheduled';
  /** The state that it happened in; none for the execution as a whole. */
  readonly stateName?: string;
  /** When that state was entered. Epoch milliseconds, like all times here. */
  readonly enteredAt?: number;
  readonly at: number;
  readonly details?: EventDetails;
}

/** What has happened to a run since it was last written. */
export interface RunChanges {
  readonly events: readonly HistoryEvent[];
  readonly changedThreads: ReadonlySet<Thread>;
  readonly removedThreads: ReadonlySet<number>;
  readonly executionChanged: boolean;
}

/**
 * One running execution in memory: its threads, and the events and changes that are not written yet. Everything that
 * happens in one turn is taken out by `takeChanges` and written as one transaction; only then do `effects` run.
 */
export class Run {
  readonly execution: Execution;
  readonly definition: Definition;
  readonly services: RunServices;
  readonly threads = new Map<number, Thread>();
  /** Threads that can go on now, in order. */
  readonly ready: Thread[] = [];
  /** What to do outside once the changes are written: ask for tasks, cancel jobs. */
  readonly effects: (() => void)[] = [];
  readonly #integrations = new Map<string, Integration>();
  /** What listeners hear beside the events of the history. */
  readonly notices: RunNotice[] = [];
  /** Everything that happens to a run waits for what happened before. */
  queue: Promise<unknown> = Promise.resolve();
  #lastEventId: number;
  #events: HistoryEvent[] = [];
  #changed = new Set<Thread>();
  #removed = new Set<number>();
  #executionChanged = false;

  constructor(execution: Execution, definition: Definition, services: RunServices, lastEventId: number, threads: readonly Thread[]) {
    this.execution = execution;
    this.definition = definition;
    this.services = services;
    this.#lastEventId = lastEventId;
    for (const thread of threads) this.threads.set(thread.id, thread);
  }

  get isRunning(): boolean {
    return this.execution.status === 'RUNNING';
  }

  get now(): number {
    return this.services.now();
  }

  /** Starts a thread; it goes on when its turn comes. */
  begin(start: Pick<Thread, 'index' | 'state' | 'input' | 'lastEventId'> & { readonly parent?: number }): Thread {
    const thread = newThread({ ...start, id: Math.max(-1, ...this.threads.keys()) + 1 });
    this.threads.set(thread.id, thread);
    this.#removed.delete(thread.id);
    this.touch(thread);
    this.ready.push(thread);
    return thread;
  }

  /** Notes that a thread changed and can go on, before any thread that has not begun. */
  wake(thread: Thread): void {
    this.touch(thread);
    if (!this.ready.includes(thread)) this.ready.unshift(thread);
  }

  /** Notes that a thread changed. */
  touch(thread: Thread): void {
    this.#changed.add(thread);
  }

  /** Forgets the threads below one, and those below them. */
  removeBelow(parent: Thread): void {
    for (const child of this.childrenOf(parent)) {
      this.removeBelow(child);
      this.threads.delete(child.id);
      this.#changed.delete(child);
      this.#removed.add(child.id);
    }
  }

  childrenOf(parent: Thread): Thread[] {
    return [...this.threads.values()].filter((thread) => thread.parent === parent.id);
  }

  parentOf(thread: Thread): Thread | undefined {
    return thread.parent === undefined ? undefined : this.threads.get(thread.parent);
  }

  /** The state that a thread is in. */
  stateOf(thread: Thread): State {
    const state = this.flowOf(thread).states.get(thread.state);
    if (state === undefined) throw new Error(`the definition has no state ${thread.state}`);
    return state;
  }

  /** The flow that a thread goes through. */
  flowOf(thread: Thread): Flow {
    const parent = this.parentOf(thread);
    if (parent === undefined) return this.definition;
    const state = this.stateOf(parent);
    const flow = state.type === 'Parallel' ? state.branches[thread.index] : state.type === 'Map' ? state.processor : undefined;
    if (flow === undefined) throw new Error(`the state ${state.name} has no branch ${thread.index}`);
    return flow;
  }

  /** Variables that a thread can read: its own and those of the threads around it. */
  variablesOf(thread: Thread): Record<string, Json> {
    const parent = this.parentOf(thread);
    return parent === undefined ? thread.variables : { ...this.variablesOf(parent), ...thread.variables };
  }

  integration(resource: string): Integration {
    let integration = this.#integrations.get(resource);
    if (integration === undefined) {
      integration = this.services.tasks.integration(resource);
      this.#integrations.set(resource, integration);
    }
    return integration;
  }

  /** Adds an event that leads on from the thread's last one. */
  append(thread: Thread, type: EventType, details?: EventDetails): number {
    thread.lastEventId = this.appendAfter(thread.lastEventId, type, details, thread);
    this.touch(thread);
    return thread.lastEventId;
  }

  /** Adds an event without making it the last one of a thread. @throws StateFailedError when the history is full */
  appendAfter(previousEventId: number, type: EventType, details?: EventDetails, thread?: Pick<Thread, 'state' | 'enteredAt'>): number {
    if (this.isRunning && this.#lastEventId >= MOST_EVENTS - 1) {
      throw new StateFailedError({
        error: 'States.Runtime',
        cause: `The execution reached the maximum number of history events (${MOST_EVENTS}).`,
      });
    }
    this.#lastEventId += 1;
    const at = this.now;
    this.#events.push({ id: this.#lastEventId, previousEventId, type, at, ...(details !== undefined && { details }) });
    const place = thread === undefined ? {} : { stateName: thread.state, enteredAt: thread.enteredAt };
    this.notices.push({ type, at, ...place, ...(details !== undefined && { details }) });
    return this.#lastEventId;
  }

  get lastEventId(): number {
    return this.#lastEventId;
  }

  /** Notes that the execution's own row changed. */
  touchExecution(): void {
    this.#executionChanged = true;
  }

  /** What happened since the last call; undefined when nothing did. */
  takeChanges(): RunChanges | undefined {
    if (this.#events.length === 0 && this.#changed.size === 0 && this.#removed.size === 0 && !this.#executionChanged) return undefined;
    const changes = {
      events: this.#events,
      changedThreads: this.#changed,
      removedThreads: this.#removed,
      executionChanged: this.#executionChanged,
    };
    this.#events = [];
    this.#changed = new Set();
    this.#removed = new Set();
    this.#executionChanged = false;
    return changes;
  }
}
