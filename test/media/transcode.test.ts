import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { probeMedia } from '../../media/probe-media.ts';
import { ProcessLimit } from '../../media/process-limit.ts';
import { transcode, type TranscodedFile, type TranscodedGroup } from '../../media/transcode.ts';
import { planTranscode } from '../../media/transcode-plan.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { hear, record, speak } from './recordings.ts';
import { sermonSettings, speechSettings } from './sermon-settings.ts';

const speech = speak(
  'The rain descended, and the floods came, and the winds blew, and beat upon that house; and it fell not: for it was founded upon a rock.',
);
const limit = new ProcessLimit();

async function make(file: string, settings?: unknown): Promise<{ groups: readonly TranscodedGroup[]; durationSeconds: number }> {
  const description = await probeMedia(file);
  const audio = description.tracks.find(({ kind }) => kind === 'audio');
  const plan = planTranscode(settings ?? sermonSettings({ channels: audio?.channels ?? 1 }));
  const groups = await transcode(plan, { file, description, folder: tempFolder(), limit, signal: new AbortController().signal });
  return { groups, durationSeconds: audio?.durationSeconds ?? description.durationSeconds };
}

/** Every output as one playable file. */
function playable(groups: readonly TranscodedGroup[]): readonly { readonly name: string; readonly file: string }[] {
  const folder = tempFolder();
  return groups.flatMap(({ kind, files, outputs }) =>
    outputs.map(({ url }) => {
      const name = url.split('/').at(-1) ?? '';
      if (kind === 'file') return { name, file: files.find((one) => one.url === url)?.file ?? '' };
      const file = join(folder, `${name}.aac`);
      writeFileSync(file, Buffer.concat(segmentsOf(files, url).map((segment) => readFileSync(segment.file))));
      return { name, file };
    }),
  );
}

function segmentsOf(files: readonly TranscodedFile[], playlistUrl: string): readonly TranscodedFile[] {
  return files.filter(({ url }) => url.endsWith('.aac') && url.startsWith(playlistUrl.replace('.m3u8', '_')));
}

function playlistSeconds(group: TranscodedGroup | undefined, index: number): number {
  const url = group?.outputs[index]?.url;
  const playlist = readFileSync(group?.files.find((file) => file.url === url)?.file ?? '', 'utf8');
  return [...playlist.matchAll(/#EXTINF:([\d.]+),/g)].reduce((sum, [, duration]) => sum + Number(duration), 0);
}

test.each([
  ['loud', 12],
  ['quiet', -35],
])('every output of a %s recording is at -16 LUFS within one and under -1 dBTP', async (name, gainDb) => {
  const { groups } = await make(record(`${name}.wav`, '-stream_loop', '1', '-i', speech, '-af', `volume=${gainDb}dB`));
  for (const { file } of playable(groups)) {
    const { lufs, truePeak } = await hear(file);
    expect(Math.abs(lufs + 16)).toBeLessThanOrEqual(1);
    expect(truePeak).toBeLessThan(-1);
  }
});

test('what must be pressed against the limiter still stays under -1 dBTP', async () => {
  const { groups } = await make(record('noise.wav', '-f', 'lavfi', '-i', 'anoisesrc=d=12:c=pink:a=0.1:seed=7'));
  for (const { file } of playable(groups)) {
    const { lufs, truePeak } = await hear(file);
    expect(Math.abs(lufs + 16)).toBeLessThanOrEqual(1);
    expect(truePeak).toBeLessThan(-1);
  }
});

test('silence stays silence', async () => {
  const { groups } = await make(record('silent.flac', '-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=stereo', '-t', '8'));
  for (const { file } of playable(groups)) expect((await hear(file)).truePeak).toBeLessThan(-80);
});

test.each([
  ['eight channels', () => record('eight.wav', '-i', speech, '-af', 'pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0')],
  ['Windows Media Audio', () => record('speech.wma', '-i', speech, '-ar', '44100')],
  [
    'an MP4 with pictures',
    () => record('pictures.mp4', '-f', 'lavfi', '-i', 'testsrc=d=8:s=160x90', '-i', speech, '-c:a', 'aac', '-shortest'),
  ],
])('%s become segments that add up to the probed duration within 0.1 s', async (_, make1) => {
  const { groups, durationSeconds } = await make(make1());
  for (const index of [0, 1, 2]) expect(Math.abs(playlistSeconds(groups[0], index) - durationSeconds)).toBeLessThan(0.1);
});

test('files are named as MediaConvert names them', async () => {
  const { groups } = await make(speech);
  const names = groups.flatMap(({ files }) => files.map(({ url }) => url.replace('s3://media/sermons/x/', '')));
  expect(names).toEqual(
    expect.arrayContaining(['hls/main_a64_00001.aac', 'hls/main_a64.m3u8', 'hls/main_a128.m3u8', 'hls/main.m3u8', 'audio.mp3']),
  );
});

test('the speech copy is 16 kHz mono WAV', async () => {
  const { groups } = await make(record('stereo.mp3', '-i', speech, '-ac', '2'), speechSettings());
  const [copy] = playable(groups);
  expect((await probeMedia(copy?.file ?? '')).tracks[0]).toMatchObject({ codec: 'pcm_s16le', sampleRate: 16_000, channels: 1 });
});
