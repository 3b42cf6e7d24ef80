// Makes the sample sermon: `node sample/make-sample.ts`. The text is in the public domain, and so is what flite says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'a-time-for-everything';

// Between paragraphs a reader breathes; recogniser and captions show it as a new sentence.
const PAUSE_SECONDS = 0.9;

const TAGS = { title: 'A Time for Everything', artist: 'Flite (voice slt)', album: 'Pulpit sample', date: '2024', genre: 'Speech' };

const folder = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), 'sample-'));
try {
  const paragraphs = readFileSync(join(folder, `${NAME}.txt`), 'utf8')
    .trim()
    .split(/\n\n+/);
  const files = paragraphs.map((paragraph, index) => {
    const file = join(scratch, `${index}.wav`);
    execFileSync('flite', ['-voice', 'slt', '-t', paragraph.replaceAll('\n', ' '), '-o', file]);
    return file;
  });
  const padded = files.map((_, index) => `[${index}:a]apad=pad_dur=${PAUSE_SECONDS}[p${index}]`).join(';');
  const joined = `${padded};${files.map((_, index) => `[p${index}]`).join('')}concat=n=${files.length}:v=0:a=1,aresample=44100[speech]`;
  const tags = Object.entries(TAGS).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]);
  const encoding = ['-map', '[speech]', '-c:a', 'libmp3lame', '-b:a', '64k', '-ac', '1', '-id3v2_version', '3', ...tags];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...files.flatMap((file) => ['-i', file]),
    '-filter_complex',
    joined,
    ...encoding,
    join(folder, `${NAME}.mp3`),
  ]);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
