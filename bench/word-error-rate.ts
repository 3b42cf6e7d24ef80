// How many words the local recogniser gets wrong: node bench/word-error-rate.ts RECORDING REFERENCE.txt [RECORDING REFERENCE.txt ...]
// Without arguments: the sample sermon. Words are compared without case and punctuation.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PocketSphinx } from '../local/transcribe/pocketsphinx.ts';
import { probeMedia } from '../media/probe-media.ts';
import { ProcessLimit } from '../media/process-limit.ts';
import { runProgram } from '../media/run-program.ts';

const sample = join(import.meta.dirname, '../sample/a-time-for-everything');
const given = process.argv.slice(2);
const files = given.length === 0 ? [`${sample}.mp3`, `${sample}.txt`] : given;
for (let index = 0; index + 1 < files.length; index += 2) await report(files[index] ?? '', files[index + 1] ?? '');

async function report(recording: string, referenceFile: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'word-error-rate-'));
  const signal = new AbortController().signal;
  try {
    const samplesFile = join(scratch, 'samples.raw');
    const { durationSeconds } = await probeMedia(recording);
    const began = performance.now();
    await runProgram('ffmpeg', ['-v', 'error', '-i', `file:${recording}`, '-ac', '1', '-ar', '16000', '-f', 's16le', samplesFile]);
    const limit = new ProcessLimit();
    const words = await new PocketSphinx(limit).recognise({ samplesFile, scratch: join(scratch, 'pieces'), signal });
    const wallSeconds = (performance.now() - began) / 1000;
    const reference = plainWords(await readFile(referenceFile, 'utf8'));
    const errors = editDistance(
      reference,
      words.flatMap(({ text }) => plainWords(text)),
    );
    const rate = ((100 * errors) / reference.length).toFixed(1);
    console.log(
      `${recording}: ${rate} % of ${reference.length} words wrong; ${wallSeconds.toFixed(1)} s for ${durationSeconds.toFixed(1)} s of audio, ${limit.size} processes`,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function plainWords(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[a-z0-9']+/g) ?? []
  );
}

/** Words to replace, insert or delete to get from one text to the other. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, word] of from.entries()) {
    const next = [index + 1];
    for (const [at, other] of to.entries()) {
      next.push(Math.min((row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1, (row[at] ?? 0) + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
