import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { PEAK_COUNT, PeakGatherer } from '../../../lambda/package-stream/peaks.ts';
import { waveformOf } from '../../../lambda/package-stream/waveform.ts';

/** Ten seconds of MP3: five of silence, five of a tone at half of full scale. */
const mp3 = (): Buffer =>
  execFileSync(
    'ffmpeg',
    String.raw`-v error -f lavfi -i aevalsrc=if(lt(t\,5)\,0\,0.5*sin(2*PI*440*t)):s=44100:d=10 -ac 1 -b:a 96k -f mp3 -`.split(' '),
  );

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

test('the waveform shows silence and sound where they are, however the MP3 arrives', async () => {
  const bytes = mp3();
  const [whole, inParts] = [await waveformOf(chunksOf(bytes, bytes.length), 10), await waveformOf(chunksOf(bytes, 777), 10)];
  expect(inParts).toEqual(whole);
  expect(whole.peaks).toHaveLength(PEAK_COUNT);
  // The encoder pads the end with silence.
  const [silence, sound] = [whole.peaks.slice(0, 850), whole.peaks.slice(950, 1750)];
  expect(Math.max(...silence)).toBeLessThan(4);
  expect(Math.min(...sound)).toBeGreaterThan(110);
  expect(Math.max(...sound)).toBeLessThan(145);
});

test('a peak stays where it was, however long the recording', () => {
  const gatherer = new PeakGatherer();
  const second = new Float32Array(44_100);
  const clap = second.with(0, -0.8);
  for (let at = 0; at < 600; at += 1) gatherer.add(at === 300 ? clap : second);
  const peaks = gatherer.peaks();
  const loudest = peaks.indexOf(Math.max(...peaks));
  expect(peaks[loudest]).toBe(204);
  expect(Math.abs(loudest - PEAK_COUNT / 2)).toBeLessThanOrEqual(2);
});

test('the shortest recording has as many peaks as any, and nothing has silence', () => {
  const gatherer = new PeakGatherer();
  expect(gatherer.peaks().every((peak) => peak === 0)).toBe(true);
  gatherer.add(new Float32Array(40).fill(1.5));
  expect(gatherer.peaks()).toEqual(Array.from({ length: PEAK_COUNT }, () => 255));
});
