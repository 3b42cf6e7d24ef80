import type { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud } from '../cloud.ts';
import { RunningJobs, type JobRun } from '../running-jobs.ts';
import { asJobError } from './job-error.ts';
import { inputDetails, outputGroupDetails, publishJobEvent } from './job-events.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import type { JobQueues } from './queues.ts';
import { runJob } from './run-job.ts';

/**
 * Carries out jobs: as many of a queue at once as the queue allows, all under one limit of programs. A job that an
 * earlier process left unfinished runs again under its id and overwrites what it had written.
 */
export class JobRunner {
  readonly #cloud: Cloud;
  readonly #jobs: JobTable;
  readonly #queues: JobQueues;
  readonly #limit: ProcessLimit;
  readonly #running: RunningJobs;

  constructor(cloud: Cloud, jobs: JobTable, queues: JobQueues, limit: ProcessLimit) {
    this.#cloud = cloud;
    this.#jobs = jobs;
    this.#queues = queues;
    this.#limit = limit;
    this.#running = new RunningJobs(cloud, 'mediaconvert', () => this.wake());
  }

  start(): void {
    this.#running.start();
  }

  /** Ends what runs; it is taken up at the next start. */
  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** Starts what may start now. */
  wake(): void {
    if (!this.#running.open) return;
    for (const arn of this.#jobs.busyQueues()) {
      const queue = this.#queues.find(arn);
      if (queue === undefined || queue.paused) continue;
      // First those that an earlier process had begun, then the line.
      const due = [...this.#jobs.inOrder(arn, 'PROGRESSING'), ...this.#jobs.inOrder(arn, 'SUBMITTED')].slice(0, queue.concurrentJobs);
      for (const job of due) if (!this.#running.has(job.id)) this.#launch(job);
    }
  }

  /** Stops a job that was cancelled. */
  cancel(id: string): void {
    this.#running.abort(id, 'the job was cancelled');
  }

  #launch(job: JobRecord): void {
    const started = this.#begin(job);
    this.#running.launch(job.id, (run) => this.#run(started, run));
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

  async #run(job: JobRecord, { scratch, signal }: JobRun): Promise<void> {
    const cloud = this.#cloud;
    try {
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
}
