import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { StopMessage } from './supervisor.ts';

export interface TaskProcessOptions {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes every line of standard output and standard error. */
  readonly log: (line: string) => void;
  /** Called once, when the program has ended and all its output was read; `undefined` when it could not be started. */
  readonly ended: (exitCode: number | undefined) => void;
}

/** A container's program, which dies with this process (see supervisor.ts). */
export class TaskProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;

  constructor({ command, folder, environment, log, ended }: TaskProcessOptions) {
    const closed = Promise.withResolvers<void>();
    this.#closed = closed.promise;
    this.#child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'supervisor.ts'), ...command], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream !== null) onLines(stream, log);
    let failed = false;
    this.#child.once('error', () => {
      failed = true;
      closed.resolve();
      ended(undefined);
    });
    this.#child.once('close', (code, signal) => {
      closed.resolve();
      // The supervisor itself never ends by a signal unless somebody kills it.
      if (!failed) ended(signal === null ? (code ?? 0) : 137);
    });
  }

  /** SIGTERM, and SIGKILL after `seconds`. */
  stop(seconds: number): void {
    if (this.#child.connected) this.#child.send({ stopWithinMs: seconds * 1000 } satisfies StopMessage, () => undefined);
  }

  /** Ends the program at once, as the death of this process would. */
  async kill(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#closed;
  }
}

function onLines(stream: Readable, log: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', log);
}
