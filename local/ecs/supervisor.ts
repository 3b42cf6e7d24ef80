import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How the local cloud asks for a gentle end: SIGTERM now, SIGKILL when it is not over by then. */
export interface StopMessage {
  readonly stopWithinMs: number;
}

/**
 * Runs a container's program and ends with it. It leads a process group of its own, so that Ctrl-C at the terminal does not
 * reach the task, and when the local cloud dies, however it dies, the closing of the channel ends the whole group.
 */
function supervise([command = '', ...args]: readonly string[]): void {
  process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
  const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  process.on('message', ({ stopWithinMs }: StopMessage) => {
    program.kill('SIGTERM');
    setTimeout(() => program.kill('SIGKILL'), stopWithinMs);
  });
  program.once('error', (error) => {
    console.error(`the container's program cannot be started: ${error.message}`);
    // What a shell says of a command that is not there.
    process.exit(127);
  });
  program.once('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}

supervise(process.argv.slice(2));
