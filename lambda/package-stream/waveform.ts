import { MPEGDecoder } from 'mpg123-decoder';
import { PeakGatherer } from './peaks.ts';

/** waveform.json: what the player draws. */
export interface Waveform {
  readonly durationSeconds: number;
  /** Loudest sample of each of 1,800 equal parts of the sermon: 0 silence, 255 full scale. */
  readonly peaks: readonly number[];
}

/** Decodes an MP3 as it arrives; neither it nor its samples are ever held as a whole. */
export async function waveformOf(mp3: AsyncIterable<Uint8Array>, durationSeconds: number): Promise<Waveform> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const gatherer = new PeakGatherer();
  try {
    for await (const chunk of mp3) {
      const [samples] = decoder.decode(chunk).channelData;
      // The workflow asks for mono, so one channel is all.
      if (samples) gatherer.add(samples);
    }
  } finally {
    decoder.free();
  }
  return { durationSeconds, peaks: gatherer.peaks() };
}
