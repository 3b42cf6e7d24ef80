import type { Store } from '../../store/store.ts';
import type { HistoryTable } from '../history/history-table.ts';
import { advance } from './advance.ts';
import type { Execution } from './execution.ts';
import type { ExecutionTable } from './execution-table.ts';
import { finishExecution } from './finish-execution.ts';
import type { Run, RunNotice } from './run.ts';
import type { ThreadTable } from './thread-table.ts';

export interface RunQueueOptions {
  readonly store: Store;
  readonly executions: ExecutionTable;
  readonly threads: ThreadTable;
  readonly history: HistoryTable;
  /** Hears of every status, in the transaction that writes it. */
  onStatus(execution: Execution): void;
  /** Hears of everything else that happens, once it is on disk. */
  onNotice(execution: Execution, notice: RunNotice): void;
  /** Is told when the earliest due time may have changed. */
  onDueChange(): void;
  /** Is told when nothing more happens to a run in this process. */
  onDone(run: Run): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Works off what happens to runs, each run's in order, and writes what comes of each happening as one transaction. */
export class RunQueue {
  readonly #options: RunQueueOptions;
  #stopped = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  /** Takes nothing more on. */
  stop(): void {
    this.#stopped = true;
  }

  /** Does something to a run when its turn comes, lets it go on, and writes what came of it. Never rejects. */
  post<T>(run: Run, work: () => Promise<T>): Promise<T | undefined> {
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
      this.#options.onDone(run);
    }
  }

  #write(run: Run): void {
    const changes = run.takeChanges();
    if (changes === undefined) return;
    const { execution } = run;
    const { executions, threads, history } = this.#options;
    this.#options.store.write(() => {
      history.append(execution.id, changes.events);
      for (const id of changes.removedThreads) threads.remove(execution.id, id);
      if (execution.status === 'SUCCEEDED') threads.removeAll(execution.id);
      else for (const thread of changes.changedThreads) threads.save(execution.id, thread);
      if (changes.executionChanged) executions.update(execution);
    });
    if (!run.isRunning) this.#options.onDone(run);
    if (changes.executionChanged) this.#options.onStatus(execution);
    const notices = run.notices.splice(0);
    this.#options.store.afterCommit(() => {
      for (const notice of notices) this.#options.onNotice(execution, notice);
    });
    this.#options.onDueChange();
    for (const effect of run.effects.splice(0)) effect();
  }
}
