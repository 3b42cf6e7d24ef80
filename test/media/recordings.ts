import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runProgram } from '../../media/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();

/** Runs ffmpeg into a new file and gives its path. */
export function record(name: string, ...args: readonly string[]): string {
  const file = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, file]);
  return file;
}

/** Speech by flite. */
export function speak(text: string, name = 'speech.wav'): string {
  const file = join(folder, name);
  execFileSync('flite', ['-voice', 'slt', '-t', text, '-o', file]);
  return file;
}

/** What listeners would get to hear: loudness in LUFS and true peak in dBTP of an encoded file. */
export async function hear(file: string): Promise<{ readonly lufs: number; readonly truePeak: number }> {
  const { stderr } = await runProgram('ffmpeg', [
    '-hide_banner',
    '-nostats',
    '-i',
    file,
    '-af',
    'ebur128=framelog=verbose:peak=true',
    '-f',
    'null',
    '-',
  ]);
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  return {
    lufs: Number(/I:\s+(\S+) LUFS/.exec(summary)?.[1]),
    truePeak: Number(/Peak:\s+(\S+) dBFS/.exec(summary)?.[1]?.replace('inf', 'Infinity')),
  };
}
