import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud } from '../cloud.ts';
import { asJobError } from './job-error.ts';
import { inputDetails, outputGroupDetails, publishJobEvent } from './job-events.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import type { JobQueues } from './queues.ts';
import { runJob } from './run-job.ts';

interface RunningJob {
  readonly queueArn: string;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/**
 * Carries out jobs: as many of a queue at once as the queue allows, all under one limit of programs. A job that an
 * earlier process left unfinished runs again under its id and overwrites what it had written.
 */
export class JobRunner {
  readonly #cloud: Cloud;
  readonly #jobs: JobTable;
  readonly #queues: JobQueues;
  readonly #limit: ProcessLimit;
  readonly #running = new Map<string, RunningJob>();
  #open = false;

  constructor(cloud: Cloud, jobs: JobTable, queues: JobQueues, limit: ProcessLimit) {
    this.#cloud = cloud;
    this.#jobs = jobs;
    this.#queues = queues;
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
    for (const arn of this.#jobs.busyQueues()) {
      const queue = this.#queues.find(arn);
      if (queue === undefined || queue.paused) continue;
      const running = [...this.#running.values()].filter(({ queueArn }) => queueArn === arn).length;
      // First those that an earlier process had begun, then the line.
      const waiting = [...this.#jobs.inOrder(arn, 'PROGRESSING'), ...this.#jobs.inOrder(arn, 'SUBMITTED')].filter(
        ({ id }) => !this.#running.has(id),
      );
      for (const job of waiting.slice(0, Math.max(0, queue.concurrentJobs - running))) this.#launch(job);
    }
  }

  /** Stops a job that was cancelled. */
  cancel(id: string): void {
    this.#running.get(id)?.controller.abort(new Error('the job was cancelled'));
  }

  #launch(job: JobRecord): void {
    const controller = new AbortController();
    const started = this.#begin(job);
    const done = this.#run(started, controller.signal).catch((error: unknown) => {
      this.#cloud.warn('a MediaConvert job could not be finished; it is taken up at the next start', {
        jobId: job.id,
        error: String(error),
      });
    });
    this.#running.set(job.id, { queueArn: job.queueArn, controller, done });
  }

  #begin(job: JobRecord): JobRecord {
    const again = job.status === 'PROGRESSING';
    const started: JobRecord = {
      ...job,
      status: 'PROGRESSING',
      startedAt: job.startedAt ?? Date.now(),
      retries: job.retries + (again ? 1 : 0),
    };
    this.#cloud.store.write(() => {
      this.#jobs.update(started);
      if (!again) publishJobEvent(this.#cloud, started, 'PROGRESSING');
    });
    return started;
  }

  async #run(job: JobRecord, signal: AbortSignal): Promise<void> {
    const { cloud, scratch } = { cloud: this.#cloud, scratch: join(this.#scratch(), job.id) };
    try {
      await cloud.store.committed();
      const groups = await runJob(job, {
        cloud,
        scratch,
        limit: this.#limit,
        signal,
        onInput: (url, description) =>
          cloud.store.write(() => publishJobEvent(cloud, job, 'INPUT_INFORMATION', inputDetails(url, description))),
      });
      const outputDurationsMs = groups.map(({ outputs }) => outputs.map(({ durationSeconds }) => Math.round(durationSeconds * 1000)));
      this.#finish(job, { status: 'COMPLETE', outputDurationsMs }, outputGroupDetails(groups));
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = asJobError(error);
      this.#finish(job, { status: 'ERROR', error: { code, message } }, { errorCode: code, errorMessage: message });
    } finally {
      await rm(scratch, { recursive: true, force: true });
      this.#running.delete(job.id);
      this.wake();
    }
  }

  /** Writes the outcome and its event together, unless the job was cancelled in between. */
  #finish(
    job: JobRecord,
    outcome: Pick<JobRecord, 'status' | 'error' | 'outputDurationsMs'>,
    details: Readonly<Record<string, unknown>>,
  ): void {
    this.#cloud.store.write(() => {
      if (this.#jobs.get(job.id)?.status !== 'PROGRESSING') return;
      const finished = { ...job, ...outcome, finishedAt: Date.now() };
      this.#jobs.update(finished);
      publishJobEvent(this.#cloud, finished, finished.status, details);
    });
  }

  #scratch(): string {
    return join(this.#cloud.folder, 'mediaconvert');
  }
}
