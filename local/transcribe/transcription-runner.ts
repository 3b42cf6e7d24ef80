import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud } from '../cloud.ts';
import type { TranscriptionRecord } from './job-record.ts';
import type { TranscriptionTable } from './job-table.ts';
import type { Recogniser } from './recogniser.ts';
import { runTranscription, TranscriptionFailure } from './run-transcription.ts';

interface RunningJob {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/**
 * Carries out transcription jobs, the oldest first. One job already fills all processors, so only as many run at once
 * as there are processors. A job that an earlier process left unfinished runs again under its name.
 */
export class TranscriptionRunner {
  readonly #cloud: Cloud;
  readonly #jobs: TranscriptionTable;
  readonly #recogniser: Recogniser;
  readonly #limit: ProcessLimit;
  readonly #running = new Map<string, RunningJob>();
  #open = false;

  constructor(cloud: Cloud, jobs: TranscriptionTable, recogniser: Recogniser, limit: ProcessLimit) {
    this.#cloud = cloud;
    this.#jobs = jobs;
    this.#recogniser = recogniser;
    this.#limit = limit;
  }

  start(): void {
    rmSync(this.#scratch(), { recursive: true, force: true });
    this.#open = true;
    this.wake();
  }

  /** Ends what runs; it is taken up at the next start. */
  async stop(): Promise<void> {
    this.#open = false;
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort(new Error('the local cloud stops'));
    await Promise.all(running.map(({ done }) => done));
  }

  /** Starts what may start now. */
  wake(): void {
    if (!this.#open) return;
    const waiting = this.#jobs.open().filter(({ name }) => !this.#running.has(name));
    for (const job of waiting.slice(0, Math.max(0, this.#limit.size - this.#running.size))) this.#launch(job);
  }

  /** Ends a job that was deleted. */
  drop(name: string): void {
    this.#running.get(name)?.controller.abort(new Error('the job was deleted'));
  }

  #launch(job: TranscriptionRecord): void {
    const controller = new AbortController();
    const started: TranscriptionRecord = { ...job, status: 'IN_PROGRESS', startedAt: job.startedAt ?? Date.now() };
    this.#cloud.store.write(() => this.#jobs.update(started));
    const done = this.#run(started, controller.signal).catch((error: unknown) => {
      this.#cloud.warn('a transcription job could not be finished; it is taken up at the next start', {
        job: job.name,
        error: String(error),
      });
    });
    this.#running.set(job.name, { controller, done });
  }

  async #run(job: TranscriptionRecord, signal: AbortSignal): Promise<void> {
    // Names may hold dots, which mean something in paths.
    const scratch = join(this.#scratch(), createHash('sha256').update(job.name).digest('hex').slice(0, 16));
    const { store } = this.#cloud;
    try {
      await store.committed();
      const found = await runTranscription(job, { cloud: this.#cloud, recogniser: this.#recogniser, limit: this.#limit, scratch, signal });
      this.#finish({ ...job, ...found, status: 'COMPLETED' });
    } catch (error) {
      if (signal.aborted) return;
      const failureReason =
        error instanceof TranscriptionFailure
          ? error.message
          : `Internal failure: ${error instanceof Error ? error.message : String(error)}`;
      this.#finish({ ...job, status: 'FAILED', failureReason });
    } finally {
      await rm(scratch, { recursive: true, force: true });
      this.#running.delete(job.name);
      this.wake();
    }
  }

  /** Writes the outcome and its event together, unless the job was deleted in between. */
  #finish(job: TranscriptionRecord): void {
    this.#cloud.store.write(() => {
      if (this.#jobs.get(job.name)?.status !== 'IN_PROGRESS') return;
      this.#jobs.update({ ...job, completedAt: Date.now() });
      this.#cloud.events.publish({
        source: 'aws.transcribe',
        detailType: 'Transcribe Job State Change',
        detail: { TranscriptionJobName: job.name, TranscriptionJobStatus: job.status },
      });
    });
  }

  #scratch(): string {
    return join(this.#cloud.folder, 'transcribe');
  }
}
