import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ProgramMissingError, runProgram } from '../../media/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a program dies with the process that runs it, even when that is killed', async () => {
  const fifo = join(tempFolder(), 'alive');
  execFileSync('mkfifo', [fifo]);
  const module = join(import.meta.dirname, '../../media/run-program.ts');
  const program = `exec 9>${fifo}; echo alive >&9; exec sleep 600`;
  const script = `import { runProgram } from ${JSON.stringify(module)}; await runProgram('/bin/sh', ['-c', ${JSON.stringify(program)}]);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const alive = createReadStream(fifo);
  await once(alive, 'data');
  parent.kill('SIGKILL');
  // The pipe ends when its last writer does: the program itself.
  await once(alive, 'end');
  expect(alive.readableEnded).toBe(true);
});

test('an aborted program is ended, and the reason given', async () => {
  const controller = new AbortController();
  const running = runProgram('sleep', ['600'], { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
});

test('a missing program is named', async () => {
  await expect(runProgram('no-such-program', [])).rejects.toThrow(new ProgramMissingError('no-such-program').message);
});
