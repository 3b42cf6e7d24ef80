import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from './cloud.ts';

/** What a job has while it runs. */
export interface JobRun {
  /** A folder of its own, not made yet, removed afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

interface RunningJob {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/**
 * The jobs of one service that run in this process. Their table says what there is to do: a job that ends here without
 * an outcome there, by a crash or by `stop`, is taken up again.
 */
export class RunningJobs {
  readonly #cloud: Cloud;
  readonly #folder: string;
  readonly #wake: () => void;
  readonly #running = new Map<string, RunningJob>();
  #open = false;

  /**
   * @param service names the scratch folder
   * @param wake starts what may start; called at the start and after every job
   */
  constructor(cloud: Cloud, service: string, wake: () => void) {
    this.#cloud = cloud;
    this.#folder = join(cloud.folder, service);
    this.#wake = wake;
  }

  /** Whether jobs may be started. */
  get open(): boolean {
    return this.#open;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  start(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#open = true;
    this.#wake();
  }

  /** Ends what runs; it is taken up at the next start. */
  async stop(): Promise<void> {
    this.#open = false;
    for (const id of this.#running.keys()) this.abort(id, 'the local cloud stops');
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Ends a job that runs, if it does. */
  abort(id: string, reason: string): void {
    this.#running.get(id)?.controller.abort(new Error(reason));
  }

  /** Runs a job once everything written before is on disk. `work` writes the outcome, of a failure too. */
  launch(id: string, work: (run: JobRun) => Promise<void>): void {
    const controller = new AbortController();
    // Ids may hold dots, which mean something in paths.
    const scratch = join(this.#folder, createHash('sha256').update(id).digest('hex').slice(0, 16));
    const done = this.#run(id, work, { scratch, signal: controller.signal }).catch((error: unknown) => {
      this.#cloud.warn('a job could not be finished; it is taken up at the next start', { job: id, error: String(error) });
    });
    this.#running.set(id, { controller, done });
  }

  async #run(id: string, work: (run: JobRun) => Promise<void>, run: JobRun): Promise<void> {
    try {
      await this.#cloud.store.committed();
      await work(run);
    } finally {
      await rm(run.scratch, { recursive: true, force: true });
    }
    // A job that threw stays here, so that it is not tried again and again.
    this.#running.delete(id);
    this.#wake();
  }
}
