import type { ProcessLimit } from '../../media/process-limit.ts';
import type { Cloud } from '../cloud.ts';
import { RunningJobs, type JobRun } from '../running-jobs.ts';
import type { TranscriptionRecord } from './job-record.ts';
import type { TranscriptionTable } from './job-table.ts';
import type { Recogniser } from './recogniser.ts';
import { runTranscription, TranscriptionFailure } from './run-transcription.ts';

/**
 * Carries out transcription jobs, the oldest first. One job already fills all processors, so only as many run at once
 * as there are processors. A job that an earlier process left unfinished runs again under its name.
 */
export class TranscriptionRunner {
  readonly #cloud: Cloud;
  readonly #jobs: TranscriptionTable;
  readonly #recogniser: Recogniser;
  readonly #limit: ProcessLimit;
  readonly #running: RunningJobs;

  constructor(cloud: Cloud, jobs: TranscriptionTable, recogniser: Recogniser, limit: ProcessLimit) {
    this.#cloud = cloud;
    this.#jobs = jobs;
    this.#recogniser = recogniser;
    this.#limit = limit;
    this.#running = new RunningJobs(cloud, 'transcribe', () => this.wake());
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
    for (const job of this.#jobs.open().slice(0, this.#limit.size)) if (!this.#running.has(job.name)) this.#launch(job);
  }

  #launch(job: TranscriptionRecord): void {
    const started: TranscriptionRecord = { ...job, status: 'IN_PROGRESS', startedAt: job.startedAt ?? Date.now() };
    this.#cloud.store.write(() => this.#jobs.update(started));
    this.#running.launch(job.name, (run) => this.#run(started, run));
  }

  async #run(job: TranscriptionRecord, { scratch, signal }: JobRun): Promise<void> {
    try {
      const found = await runTranscription(job, { cloud: this.#cloud, recogniser: this.#recogniser, limit: this.#limit, scratch, signal });
      this.#finish({ ...job, ...found, status: 'COMPLETED' });
    } catch (error) {
      if (signal.aborted) return;
      const failureReason =
        error instanceof TranscriptionFailure
          ? error.message
          : `Internal failure: ${error instanceof Error ? error.message : String(error)}`;
      this.#finish({ ...job, status: 'FAILED', failureReason });
    }
  }

  /** Writes the outcome and its event together. */
  #finish(job: TranscriptionRecord): void {
    this.#cloud.store.write(() => {
      this.#jobs.update({ ...job, completedAt: Date.now() });
      this.#cloud.events.publish({
        source: 'aws.transcribe',
        detailType: 'Transcribe Job State Change',
        detail: { TranscriptionJobName: job.name, TranscriptionJobStatus: job.status },
      });
    });
  }
}
