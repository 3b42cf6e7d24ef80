import type { Store } from '../../store/store.ts';
import { parseDefinition } from '../definition/parse-definition.ts';
import type { Definition } from '../definition/state-machine.ts';
import { payload } from '../history/history-event.ts';
import { HistoryTable } from '../history/history-table.ts';
import { parseJson } from '../json.ts';
import type { Failure } from '../state-failure.ts';
import type { TaskOutcome, TaskRunner } from '../tasks/task-runner.ts';
import { advance } from './advance.ts';
import type { Execution } from './execution.ts';
import { ExecutionTable } from './execution-table.ts';
import { haltThread } from './fail-state.ts';
import { finishExecution } from './finish-execution.ts';
import { redriveThreads } from './redrive.ts';
import { Run, type RunNotice } from './run.ts';
import { endByToken, extendHeartbeat, TaskWorker } from './task-worker.ts';
import type { TaskActivity, Thread } from './thread.ts';
import { wakeDueThread } from './wake-due-thread.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly tasks: TaskRunner;
  readonly region: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Hears of every status, in the transaction that writes it. */
  onStatus(execution: Execution): void;
  /** Hears of everything else that happens, once it is on disk. */
  onNotice(execution: Execution, notice: RunNotice): void;
  /** Is told when the earliest due time may have changed. */
  onDueChange(): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** What an execution starts with. */
export type NewExecution = Pick<Execution, 'arn' | 'name' | 'stateMachineArn' | 'stateMachineName' | 'roleArn' | 'input'> & {
  readonly definitionText: string;
};

/**
 * Runs executions. Each has a queue: what happens to it (an answer, a timer, a token) is worked off in order, as far as
 * it goes without waiting, and then written with its events in one transaction. A crash loses the whole or nothing of
 * it; `resume` takes up from what was written.
 */
export class Engine {
  readonly executions: ExecutionTable;
  readonly history: HistoryTable;
  readonly #options: EngineOptions;
  readonly #runs = new Map<number, Run>();
  readonly #definitions = new Map<string, Definition>();
  readonly #worker: TaskWorker;
  #stopped = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.executions = new ExecutionTable(options.store);
    this.history = new HistoryTable(options.store);
    this.#worker = new TaskWorker({
      history: this.history,
      committed: () => options.store.committed(),
      post: (run, work) => this.#post(run, work),
    });
  }

  /** Starts an execution; resolves once its first states are written. */
  async start({ definitionText, ...rest }: NewExecution): Promise<Execution> {
    const startedAt = this.#options.now();
    const execution = this.#options.store.write(() => {
      const definitionHash = this.executions.keepDefinition(definitionText);
      const { timeoutSeconds } = this.#definition(definitionHash);
      const limit = timeoutSeconds === undefined ? {} : { deadline: startedAt + timeoutSeconds * 1000 };
      return this.executions.insert({ ...rest, definitionHash, startedAt, ...limit });
    });
    const run = this.#load(execution, []);
    this.#options.onStatus(execution);
    await this.#post(run, async () => {
      run.appendAfter(0, 'ExecutionStarted', { ...payload('input', execution.input), roleArn: execution.roleArn });
      run.begin({ index: 0, state: run.definition.startAt, input: parseJson(execution.input), lastEventId: 0 });
    });
    return execution;
  }

  /** Stops an execution from outside; nothing happens to one that has ended. */
  async stop(execution: Execution, failure: Failure): Promise<void> {
    await this.#end(this.#runs.get(execution.id), 'ABORTED', failure);
  }

  /** Lets an ended execution go on where it failed, with the definition that it started with. */
  async redrive(execution: Execution, clientToken?: string): Promise<void> {
    const run = this.#load(execution, this.executions.threads(execution.id));
    await this.#post(run, async () => {
      const { timeoutSeconds } = run.definition;
      execution.status = 'RUNNING';
      execution.redriveCount += 1;
      execution.redrivenAt = run.now;
      if (clientToken !== undefined) execution.redriveToken = clientToken;
      if (timeoutSeconds !== undefined) execution.deadline = run.now + timeoutSeconds * 1000;
      for (const member of ['output', 'error', 'cause', 'stoppedAt'] as const) delete execution[member];
      redriveThreads(run, run.appendAfter(run.lastEventId, 'ExecutionRedriven', { redriveCount: execution.redriveCount }));
      run.touchExecution();
    });
  }

  /** Ends the task that holds a token. @returns whether a task still waited for it */
  async answerToken(token: string, outcome: TaskOutcome): Promise<boolean> {
    return this.#byToken(token, (run, thread) => endByToken(run, thread, token, outcome));
  }

  /** Extends the heartbeat of the task that holds a token. @returns whether a task still waited for it */
  async heartbeat(token: string): Promise<boolean> {
    return this.#byToken(token, async (run, thread) => extendHeartbeat(run, thread, token));
  }

  /** Looks at a job that may have ended. */
  jobChanged(jobId: string): void {
    const waiting = this.executions.waiting('job', jobId);
    const run = waiting && this.#runs.get(waiting.execution);
    const thread = waiting && run?.threads.get(waiting.thread);
    if (run !== undefined && thread !== undefined) this.#worker.follow(run, thread);
  }

  /** Takes up every execution that an earlier process left running. */
  resume(): void {
    for (const execution of this.executions.running()) {
      if (this.#runs.has(execution.id)) continue;
      const run = this.#load(execution, this.executions.threads(execution.id));
      for (const thread of run.threads.values()) this.#worker.resume(run, thread);
      void this.#post(run, async () => undefined);
    }
    this.#options.onDueChange();
  }

  /** Takes nothing more on; what runs is taken up by the next process. */
  halt(): void {
    this.#stopped = true;
    this.#runs.clear();
  }

  nextDue(): number | undefined {
    return this.executions.nextDue();
  }

  /** Wakes everything whose time has come. */
  handleDue(): void {
    for (const { execution, thread } of this.executions.due(this.#options.now())) {
      const run = this.#runs.get(execution);
      if (run === undefined) continue;
      if (thread === undefined) void this.#end(run, 'TIMED_OUT', {});
      else void this.#post(run, () => wakeDueThread(run, thread));
    }
  }

  async #byToken(token: string, use: (run: Run, thread: Thread) => Promise<boolean>): Promise<boolean> {
    const waiting = this.executions.waiting('token', token);
    const run = waiting && this.#runs.get(waiting.execution);
    const thread = waiting && run?.threads.get(waiting.thread);
    if (run === undefined || thread === undefined) return false;
    return (await this.#post(run, () => use(run, thread))) ?? false;
  }

  async #end(run: Run | undefined, status: 'ABORTED' | 'TIMED_OUT', failure: Failure): Promise<void> {
    if (run === undefined) return;
    await this.#post(run, async () => {
      if (!run.isRunning) return;
      for (const thread of run.threads.values()) if (thread.status === 'running') haltThread(run, thread);
      finishExecution(run, status, { failure });
    });
  }

  #load(execution: Execution, threads: readonly Thread[]): Run {
    const services = {
      tasks: this.#options.tasks,
      region: this.#options.region,
      now: () => this.#options.now(),
      perform: (run: Run, thread: Thread) => this.#worker.perform(run, thread),
      follow: (run: Run, thread: Thread) => this.#worker.follow(run, thread),
      canceller: (run: Run, thread: Thread, activity: TaskActivity) => this.#worker.canceller(run, thread, activity),
    };
    const run = new Run(execution, this.#definition(execution.definitionHash), services, this.history.lastId(execution.id), threads);
    this.#runs.set(execution.id, run);
    return run;
  }

  #definition(hash: string): Definition {
    let definition = this.#definitions.get(hash);
    if (definition === undefined) {
      definition = parseDefinition(this.executions.definition(hash));
      this.#definitions.set(hash, definition);
    }
    return definition;
  }

  /** Does something to a run when its turn comes, lets it go on, and writes what came of it. Never rejects. */
  #post<T>(run: Run, work: () => Promise<T>): Promise<T | undefined> {
    const done = run.queue.then(async () => {
      if (this.#stopped) return undefined;
      try {
        const result = await work();
        await advance(run);
        this.#write(run);
        return result;
      } catch (error) {
        this.#giveUp(run, error);
        return undefined;
      }
    });
    run.queue = done;
    return done;
  }

  /** A fault of the engine or of the disk ends one execution (or waits for the next start), never the process. */
  #giveUp(run: Run, error: unknown): void {
    const { arn } = run.execution;
    this.#options.warn('an execution ran into a fault', {
      executionArn: arn,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    try {
      if (run.isRunning)
        finishExecution(run, 'FAILED', { previousEventId: run.lastEventId, failure: { error: 'States.Runtime', cause: String(error) } });
      this.#write(run);
    } catch (again) {
      this.#options.warn('an execution waits for the next start', { executionArn: arn, error: String(again) });
      this.#runs.delete(run.execution.id);
    }
  }

  #write(run: Run): void {
    const changes = run.takeChanges();
    if (changes === undefined) return;
    const { execution } = run;
    this.#options.store.write(() => {
      this.history.append(execution.id, changes.events);
      for (const id of changes.removedThreads) this.executions.removeThread(execution.id, id);
      if (execution.status === 'SUCCEEDED') this.executions.removeThreads(execution.id);
      else for (const thread of changes.changedThreads) this.executions.saveThread(execution.id, thread);
      if (changes.executionChanged) this.executions.update(execution);
    });
    if (!run.isRunning) this.#runs.delete(execution.id);
    if (changes.executionChanged) this.#options.onStatus(execution);
    const notices = run.notices.splice(0);
    this.#options.store.afterCommit(() => {
      for (const notice of notices) this.#options.onNotice(execution, notice);
    });
    this.#options.onDueChange();
    for (const effect of run.effects.splice(0)) effect();
  }
}
