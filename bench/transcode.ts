// Our transcoder against plain ffmpeg making the same renditions one after another, without loudness:
//   node bench/transcode.ts [RECORDING]
// Without an argument: the sample sermon, ten times in a row. Processor time is what the shell's `times` says of each side.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeMedia } from '../media/probe-media.ts';
import { ProcessLimit } from '../media/process-limit.ts';
import { runProgram } from '../media/run-program.ts';
import { transcode } from '../media/transcode.ts';
import type { TranscodePlan } from '../media/transcode-plan.ts';

const LOOPS = 10;
const AAC_BITRATES = [64_000, 96_000, 128_000];
const MP3_BITRATE = 96_000;
const SIDES = ['ours', 'plain'] as const;

const [first, side, recording = '', folder = ''] = process.argv.slice(2);
if (first === '--side') await (side === 'ours' ? ours(recording, folder) : plain(recording, folder));
else await compare(first);

async function compare(given: string | undefined): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-transcode-'));
  try {
    const file = given ?? join(scratch, 'looped.mp3');
    if (given === undefined) {
      const sample = join(import.meta.dirname, '../sample/a-time-for-everything.mp3');
      await runProgram('ffmpeg', ['-v', 'error', '-stream_loop', String(LOOPS - 1), '-i', sample, '-c', 'copy', file]);
    }
    const { durationSeconds } = await probeMedia(file);
    console.log(`${durationSeconds.toFixed(0)} s of audio: ${AAC_BITRATES.length} AAC renditions and an MP3`);
    const [own, ffmpeg] = SIDES.map((name) => measure(name, file, join(scratch, name)));
    if (own === undefined || ffmpeg === undefined) return;
    console.log(`ours   ${describe(own)}  (with loudness measured and corrected, and segments)`);
    console.log(`ffmpeg ${describe(ffmpeg)}  (one after another, no loudness)`);
    console.log(
      `ours takes ${ratio(own.wallSeconds, ffmpeg.wallSeconds)} the time and ${ratio(own.cpuSeconds, ffmpeg.cpuSeconds)} the processor time`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)} times`;
}

interface Measurement {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

function describe({ wallSeconds, cpuSeconds }: Measurement): string {
  return `${wallSeconds.toFixed(1).padStart(6)} s wall, ${cpuSeconds.toFixed(1).padStart(6)} s processor`;
}

function measure(name: string, file: string, output: string): Measurement {
  const began = performance.now();
  const self = [process.execPath, fileURLToPath(import.meta.url), '--side', name, file, output];
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', '"$@" && times', 'sh', ...self], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the side "${name}" failed: ${stderr}`);
  const wallSeconds = (performance.now() - began) / 1000;
  // The second line is the time of all children: `0m1.234s 0m0.100s`.
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  return { wallSeconds, cpuSeconds };
}

async function ours(file: string, output: string): Promise<void> {
  const description = await probeMedia(file);
  const loudness = { lufs: -16, truePeak: -1.5 };
  const plan: TranscodePlan = {
    inputUrl: 's3://bench/input',
    track: 1,
    groups: [
      {
        kind: 'hls',
        destination: 's3://bench/hls/main',
        segmentSeconds: 6,
        shortestLastSegmentSeconds: 2,
        wholeSeconds: false,
        renditions: AAC_BITRATES.map((bitrate) => ({
          nameModifier: `_a${bitrate / 1000}`,
          loudness,
          codec: { name: 'aac', bitrate, sampleRate: 48_000, channels: 1 },
        })),
      },
      {
        kind: 'file',
        destination: 's3://bench/audio',
        renditions: [
          { nameModifier: '', extension: 'mp3', loudness, codec: { name: 'mp3', bitrate: MP3_BITRATE, sampleRate: 44_100, channels: 1 } },
        ],
      },
    ],
  };
  await transcode(plan, { file, description, folder: output, limit: new ProcessLimit(), signal: new AbortController().signal });
}

async function plain(file: string, output: string): Promise<void> {
  const input = ['-nostdin', '-v', 'error', '-y', '-i', file, '-map', '0:a:0', '-ac', '1'];
  for (const bitrate of AAC_BITRATES) {
    await runProgram('ffmpeg', [
      ...input,
      '-ar',
      '48000',
      '-c:a',
      'aac',
      '-b:a',
      String(bitrate),
      '-f',
      'adts',
      `${output}-${bitrate}.aac`,
    ]);
  }
  await runProgram('ffmpeg', [...input, '-ar', '44100', '-c:a', 'libmp3lame', '-b:a', String(MP3_BITRATE), `${output}.mp3`]);
}
