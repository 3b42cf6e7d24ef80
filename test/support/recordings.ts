import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

const folder = tempFolder();
let made = 0;

/** A file that ffmpeg writes with these arguments. */
export function encoded(extension: string, ...args: readonly string[]): Buffer {
  const file = join(folder, `${(made += 1)}.${extension}`);
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, file]);
  return readFileSync(file);
}

/** Path of a WAV in which flite's voice slt reads a text. */
export function spoken(text: string): string {
  const file = join(folder, `${(made += 1)}.wav`);
  execFileSync('flite', ['-voice', 'slt', '-t', text, '-o', file]);
  return file;
}

/** ffmpeg's arguments for so many seconds of silence. */
export const silence = (seconds: number, sampleRate = 44_100): readonly string[] => [
  ...['-f', 'lavfi', '-i', `anullsrc=r=${sampleRate}:cl=mono`],
  ...['-t', String(seconds)],
];

/** ffmpeg's arguments for so many seconds of moving pictures. */
export const pictures = (seconds: number): readonly string[] => ['-f', 'lavfi', '-t', String(seconds), '-i', 'testsrc=s=160x120:r=10'];

/** Bytes without any order, the same in every run. */
export const noise = (bytes: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(bytes));

/** An MP4 whose sound says that it is copy-protected: its sample entry is FairPlay's. */
export function markedProtected(mp4: Buffer): Buffer {
  const marked = Buffer.from(mp4);
  const entry = marked.indexOf('mp4a', marked.indexOf('stsd'));
  marked.write('drms', entry, 'latin1');
  return marked;
}
