import { spawn } from 'node:child_process';

export interface RunOptions {
  /** Ends the program; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Further environment variables. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a program wrote. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Raised when a program ended with an exit code other than 0, or was killed. */
export class ProgramFailedError extends Error {
  override readonly name = 'ProgramFailedError';
  /** What the program wrote as errors. */
  readonly stderr: string;

  constructor(program: string, exitCode: number | null, stderr: string) {
    super(`${program} ended with exit code ${String(exitCode)}: ${lastLines(stderr)}`);
    this.stderr = stderr;
  }
}

/** Raised when a program is not installed. */
export class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError';
  constructor(program: string) {
    super(`cannot find the program ${program}; install it or put its folder into PATH`);
  }
}

// The program lives no longer than this process, even when this process is killed with no chance to clean up: a shell
// waits for the end of a pipe that only this process holds open, and kills the program then. Plain POSIX, so that it
// runs on Linux and macOS alike. 127 is the shell's exit code for a program that it cannot find.
const TETHER = `
exec 3<&0
"$0" "$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -9 $program; } 2>/dev/null &
tether=$!
wait $program
code=$?
kill $tether 2>/dev/null
exit $code`;
const NOT_FOUND = 127;

// Warnings of a broken recording could fill the memory; only the end matters.
const LONGEST_STDERR = 256 * 1024;

/**
 * Runs a program to its end. It is killed when `signal` aborts and when this process dies, however it dies.
 * @throws ProgramFailedError, ProgramMissingError, or the reason of `signal`
 */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramOutput> {
  const { signal } = options;
  signal?.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', TETHER, program, ...args], {
    env: { ...process.env, ...options.environment },
    // A process group of its own: Ctrl-C at the terminal must not reach the program, whose failure would count as that of the recording.
    detached: true,
  });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => (stderr = (stderr + bytes.toString()).slice(-LONGEST_STDERR)));
  child.stdin.on('error', () => undefined);
  const cut = () => child.stdin.destroy();
  signal?.addEventListener('abort', cut);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    if (exitCode === NOT_FOUND) throw new ProgramMissingError(program);
    if (exitCode !== 0) throw new ProgramFailedError(program, exitCode, stderr);
    return { stdout: Buffer.concat(stdout).toString(), stderr };
  } finally {
    signal?.removeEventListener('abort', cut);
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' | ');
}
