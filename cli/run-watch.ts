import { basename } from 'node:path';
import type { LocalCloud } from '../local/local-cloud.ts';
import { ProgressDisplay } from './progress-display.ts';
import type { RunEnd } from './run-progress.ts';
import { uploadNamedIn, type Uploaded } from './upload.ts';

/** Follows all runs of the local cloud while recordings are being published. */
export class RunWatch {
  readonly #display: ProgressDisplay;
  readonly #titles = new Map<string, string>();
  readonly #ends = new Map<string, PromiseWithResolvers<RunEnd>>();
  readonly #unsubscribe: () => void;

  constructor(cloud: LocalCloud) {
    this.#display = new ProgressDisplay({ out: process.stdout, titleOf: (name) => this.#titles.get(name) ?? name });
    this.#unsubscribe = cloud.stepFunctions.onEvent((event) => {
      const { executionName, type, stateName, timestamp, since, details } = event;
      const source = type === 'ExecutionStarted' ? uploadNamedIn(textOf(details['input']) ?? '{}') : undefined;
      if (source !== undefined) this.learn(executionName, source);
      const end = this.#display.take({
        executionName,
        type,
        stateName,
        at: timestamp.getTime(),
        since: since.getTime(),
        resourceType: textOf(details['resourceType']),
        error: textOf(details['error']),
        cause: textOf(details['cause']),
      });
      if (end !== undefined) this.#waiter(executionName).resolve(end);
    });
  }

  say(line: string): void {
    this.#display.say(line);
  }

  endOf({ versionId }: Uploaded): Promise<RunEnd> {
    return this.#waiter(versionId).promise;
  }

  stop(): void {
    this.#unsubscribe();
    this.#display.stop();
  }

  /** Joins a run to its upload: whoever waits for the one hears of the other. */
  learn(executionName: string, { key, versionId }: Uploaded): void {
    this.#titles.set(executionName, basename(key));
    const waiter = this.#ends.get(versionId) ?? this.#waiter(executionName);
    this.#ends.set(versionId, waiter);
    this.#ends.set(executionName, waiter);
  }

  #waiter(runOrUpload: string): PromiseWithResolvers<RunEnd> {
    const known = this.#ends.get(runOrUpload) ?? Promise.withResolvers<RunEnd>();
    this.#ends.set(runOrUpload, known);
    return known;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
