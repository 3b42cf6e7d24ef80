import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LambdaFunction } from './function.ts';
import { failure, type InvocationResult } from './invocation.ts';
import { onLine } from './output-lines.ts';
import { END_OF_OUTPUT, type InvokeMessage, type RuntimeMessage } from './runtime-messages.ts';

// Lambda allows ten seconds for loading the code before it counts against the function's own time.
const INIT_SECONDS = 10;

/** Raised when a call was cut off because the local cloud stops; it says nothing about the function. */
export class SandboxStoppedError extends Error {
  override readonly name = 'SandboxStoppedError';
  constructor() {
    super('the local cloud stopped during the invocation; it is taken up at the next start');
  }
}

export interface SandboxOptions {
  readonly lambda: LambdaFunction;
  readonly scratchFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes every line that the function writes. */
  readonly log: (line: string) => void;
}

/** A result with what Lambda reports about it. */
export interface MeasuredResult extends InvocationResult {
  readonly durationMs: number;
  /** Only for the first invocation of a process. */
  readonly initMs?: number;
  readonly maxMemoryMb: number;
}

/** One process of a function. It serves one invocation at a time, and no more after a timeout, a crash or `kill`. */
export class Sandbox {
  readonly lambda: LambdaFunction;
  readonly #options: SandboxOptions;
  readonly #child: ChildProcess;
  readonly #startedAt = performance.now();
  readonly #closed = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<void>();
  #initMs: number | undefined;
  #answer: ((message: RuntimeMessage) => void) | undefined;
  #outputEnd: ((requestId: string) => void) | undefined;
  #earlyError: RuntimeMessage | undefined;
  #errorOutput = '';
  #stopped = false;
  #dead = false;

  constructor(options: SandboxOptions) {
    this.lambda = options.lambda;
    this.#options = options;
    mkdirSync(options.scratchFolder, { recursive: true, mode: 0o700 });
    this.#child = spawn(
      process.execPath,
      // The heap stands for the memory limit: there is no portable way to bound a whole process.
      [`--max-old-space-size=${options.lambda.memoryMb}`, join(import.meta.dirname, 'runtime.ts')],
      {
        cwd: options.lambda.codeFolder,
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
      },
    );
    this.#listen();
  }

  get alive(): boolean {
    return !this.#dead;
  }

  /** Runs one invocation; a function that fails, exceeds its time or dies gives a failed result. @throws SandboxStoppedError */
  async invoke(message: Omit<InvokeMessage, 'deadline'>): Promise<MeasuredResult> {
    const isFirst = this.#initMs === undefined;
    const initTimeout = isFirst ? setTimeout(() => this.#kill(), (INIT_SECONDS + this.lambda.timeoutSeconds) * 1000) : undefined;
    await Promise.race([this.#ready.promise, this.#closed.promise]);
    clearTimeout(initTimeout);
    const startedAt = performance.now();
    const result = await this.#run(message);
    if (this.#stopped) throw new SandboxStoppedError();
    return { ...result, durationMs: performance.now() - startedAt, ...(isFirst && this.#initMs !== undefined && { initMs: this.#initMs }) };
  }

  /** Ends the process; an invocation under way is rejected. */
  async kill(): Promise<void> {
    this.#stopped = true;
    this.#kill();
    await this.#closed.promise;
  }

  async #run(message: Omit<InvokeMessage, 'deadline'>): Promise<InvocationResult & { maxMemoryMb: number }> {
    const { timeoutSeconds, memoryMb } = this.lambda;
    const deadline = Date.now() + timeoutSeconds * 1000;
    const answered = Promise.withResolvers<RuntimeMessage>();
    const outputEnded = Promise.withResolvers<void>();
    this.#answer = answered.resolve;
    this.#outputEnd = (requestId) => requestId === message.requestId && outputEnded.resolve();
    let timedOut = false;
    const timeout = setTimeout(() => {
      timedOut = true;
      this.#kill();
    }, timeoutSeconds * 1000);
    try {
      if (this.#child.connected) this.#child.send({ ...message, deadline } satisfies InvokeMessage, () => undefined);
      const answer = await Promise.race([answered.promise, this.#closed.promise]);
      // A process that ended itself closes its pipes; from one that lives on the mark comes.
      await Promise.race([outputEnded.promise, this.#closed.promise]);
      const known = answer ?? this.#earlyError;
      if (timedOut) return { ...this.#timedOut(message.requestId), maxMemoryMb: memoryMb };
      if (known === undefined || known.kind === 'ready') return { ...this.#exited(message.requestId), maxMemoryMb: memoryMb };
      if (known.kind === 'result') return { payload: known.payload, failed: false, maxMemoryMb: known.maxMemoryMb };
      if (known.fatal) this.#dead = true;
      return { ...failure(known.error), maxMemoryMb: known.maxMemoryMb };
    } finally {
      clearTimeout(timeout);
      this.#answer = undefined;
    }
  }

  #timedOut(requestId: string): InvocationResult {
    const seconds = this.lambda.timeoutSeconds.toFixed(2);
    this.#options.log(`${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`);
    return failure({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    });
  }

  #exited(requestId: string): InvocationResult {
    const { exitCode, signalCode } = this.#child;
    const outOfMemory = this.#errorOutput.includes('heap out of memory');
    const how = outOfMemory
      ? 'signal: killed'
      : signalCode === null
        ? `exit status ${exitCode}`
        : `signal: ${SIGNAL_WORDS[signalCode] ?? signalCode}`;
    const text = exitCode === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${how}`;
    return failure({
      errorType: outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: ${text}`,
    });
  }

  #listen(): void {
    const child = this.#child;
    child.on('message', (message: RuntimeMessage) => {
      if (message.kind === 'ready') {
        this.#initMs = performance.now() - this.#startedAt;
        this.#ready.resolve();
      } else if (this.#answer !== undefined) this.#answer(message);
      else this.#earlyError = message;
    });
    if (child.stdout !== null) {
      onLine(child.stdout, (line) => {
        // What the function wrote last may lack its line's end.
        const [output = '', endOf] = line.split(END_OF_OUTPUT);
        if (output !== '' || endOf === undefined) this.#options.log(output);
        if (endOf !== undefined) this.#outputEnd?.(endOf);
      });
    }
    if (child.stderr !== null) {
      onLine(child.stderr, (line) => {
        // Enough for V8's last words.
        this.#errorOutput = (this.#errorOutput + line).slice(-10_000);
        this.#options.log(line);
      });
    }
    child.on('error', (error) => this.#options.log(`the process cannot be started: ${error.message}`));
    child.on('exit', () => (this.#dead = true));
    child.on('close', (_code, signal) => {
      this.#dead = true;
      // Ctrl-C at the terminal reaches functions too, sometimes first: the local cloud is about to stop, and the function has not failed.
      if (signal === 'SIGINT') this.#stopped = true;
      rmSync(this.#options.scratchFolder, { recursive: true, force: true });
      this.#closed.resolve();
    });
  }

  #kill(): void {
    this.#dead = true;
    this.#child.kill('SIGKILL');
  }
}

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};
