import { parseDefinition } from '../definition/parse-definition.ts';
import type { Definition } from '../definition/state-machine.ts';
import { payload } from '../history/history-event.ts';
import { HistoryTable } from '../history/history-table.ts';
import { parseJson } from '../json.ts';
import type { Failure } from '../state-failure.ts';
import type { TaskOutcome, TaskRunner } from '../tasks/task-runner.ts';
import type { Execution } from './execution.ts';
import { ExecutionTable } from './execution-table.ts';
import { haltThread } from './fail-state.ts';
import { finishExecution } from './finish-execution.ts';
import { redriveThreads } from './redrive.ts';
import { Run } from './run.ts';
import { RunQueue, type RunQueueOptions } from './run-queue.ts';
import { endByToken, extendHeartbeat, TaskWorker } from './task-worker.ts';
import type { TaskActivity, Thread } from './thread.ts';
import { ThreadTable } from './thread-table.ts';
import { wakeDueThread } from './wake-due-thread.ts';

export interface EngineOptions extends Pick<RunQueueOptions, 'store' | 'onStatus' | 'onNotice' | 'onDueChange' | 'warn'> {
  readonly tasks: TaskRunner;
  readonly region: string;
  /** Epoch milliseconds. */
  now(): number;
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
  readonly threads: ThreadTable;
  readonly history: HistoryTable;
  readonly #options: EngineOptions;
  readonly #runs = new Map<number, Run>();
  readonly #definitions = new Map<string, Definition>();
  readonly #queue: RunQueue;
  readonly #worker: TaskWorker;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.executions = new ExecutionTable(options.store);
    this.threads = new ThreadTable(options.store);
    this.history = new HistoryTable(options.store);
    const { executions, threads, history } = this;
    this.#queue = new RunQueue({
      ...options,
      executions,
      threads,
      history,
      onDone: ({ execution }) => void this.#runs.delete(execution.id),
    });
    this.#worker = new TaskWorker({
      history: this.history,
      committed: () => options.store.committed(),
      post: (run, work) => this.#queue.post(run, work),
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
    await this.#queue.post(run, async () => {
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
    const run = this.#load(execution, this.threads.of(execution.id));
    await this.#queue.post(run, async () => {
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
    const waiting = this.threads.waiting('job', jobId);
    const run = waiting && this.#runs.get(waiting.execution);
    const thread = waiting && run?.threads.get(waiting.thread);
    if (run !== undefined && thread !== undefined) this.#worker.follow(run, thread);
  }

  /** Takes up every execution that an earlier process left running. */
  resume(): void {
    for (const execution of this.executions.running()) {
      if (this.#runs.has(execution.id)) continue;
      const run = this.#load(execution, this.threads.of(execution.id));
      for (const thread of run.threads.values()) this.#worker.resume(run, thread);
      void this.#queue.post(run, async () => undefined);
    }
    this.#options.onDueChange();
  }

  /** Takes nothing more on; what runs is taken up by the next process. */
  halt(): void {
    this.#queue.stop();
    this.#runs.clear();
  }

  nextDue(): number | undefined {
    const due = [this.executions.nextDue(), this.threads.nextDue()].filter((time) => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Wakes everything whose time has come. */
  handleDue(): void {
    const now = this.#options.now();
    for (const execution of this.executions.due(now)) void this.#end(this.#runs.get(execution), 'TIMED_OUT', {});
    for (const { execution, thread } of this.threads.due(now)) {
      const run = this.#runs.get(execution);
      if (run !== undefined) void this.#queue.post(run, () => wakeDueThread(run, thread));
    }
  }

  async #byToken(token: string, use: (run: Run, thread: Thread) => Promise<boolean>): Promise<boolean> {
    const waiting = this.threads.waiting('token', token);
    const run = waiting && this.#runs.get(waiting.execution);
    const thread = waiting && run?.threads.get(waiting.thread);
    if (run === undefined || thread === undefined) return false;
    return (await this.#queue.post(run, () => use(run, thread))) ?? false;
  }

  async #end(run: Run | undefined, status: 'ABORTED' | 'TIMED_OUT', failure: Failure): Promise<void> {
    if (run === undefined) return;
    await this.#queue.post(run, async () => {
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
}
