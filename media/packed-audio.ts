import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Samples in one AAC-LC frame. */
export const AAC_FRAME_SAMPLES = 1024;

// MPEG timestamps count 90,000 a second in 33 bits.
const CLOCK_HZ = 90_000n;
const CLOCK_WRAP = 1n << 33n;

/** Timestamp of the first sample. MediaConvert starts at two seconds or later; ten is what its captions are written for. */
const FIRST_TIMESTAMP_SECONDS = 10;

const OWNER = 'com.apple.streaming.transportStreamTimestamp\0';

/** One segment on disk. */
export interface Segment {
  readonly file: string;
  readonly sizeBytes: number;
  readonly durationSeconds: number;
}

/**
 * The ID3 tag that packed audio must begin with (RFC 8216, section 3.4): a PRIV frame with the timestamp of the
 * segment's first sample.
 */
export function timestampTag(timestamp: bigint): Buffer {
  const frame = Buffer.alloc(10 + OWNER.length + 8);
  frame.write('PRIV', 0, 'latin1');
  // Sizes are "synchsafe", seven bits a byte; everything here is below 128.
  frame.writeUInt8(OWNER.length + 8, 7);
  frame.write(OWNER, 10, 'latin1');
  frame.writeBigUInt64BE(timestamp % CLOCK_WRAP, 10 + OWNER.length);
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, frame.length]), frame]);
}

/**
 * Cuts an ADTS file into segments of packed audio.
 * @param framesPerSegment how many AAC frames each segment takes, in order
 */
export async function writeSegments(
  adtsFile: string,
  framesPerSegment: readonly number[],
  sampleRate: number,
  segmentFile: (index: number) => string,
): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  let frames: Buffer[] = [];
  let framesBefore = 0;
  for await (const frame of adtsFrames(adtsFile)) {
    frames.push(frame);
    if (frames.length < (framesPerSegment[segments.length] ?? Infinity)) continue;
    const samples = BigInt(framesBefore * AAC_FRAME_SAMPLES);
    const timestamp = BigInt(FIRST_TIMESTAMP_SECONDS) * CLOCK_HZ + (samples * CLOCK_HZ) / BigInt(sampleRate);
    const bytes = Buffer.concat([timestampTag(timestamp), ...frames]);
    const file = segmentFile(segments.length);
    await writeFile(file, bytes);
    segments.push({ file, sizeBytes: bytes.length, durationSeconds: (frames.length * AAC_FRAME_SAMPLES) / sampleRate });
    framesBefore += frames.length;
    frames = [];
  }
  return segments;
}

/** Counts the AAC frames of an ADTS file. */
export async function countFrames(adtsFile: string): Promise<number> {
  let count = 0;
  for await (const _ of adtsFrames(adtsFile)) count += 1;
  return count;
}

/** The frames of an ADTS file, each with its header. @throws Error when the file is not ADTS */
async function* adtsFrames(file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (at + 7 <= rest.length) {
      if (rest.readUInt16BE(at) >> 4 !== 0xfff) throw new Error(`${file} is not ADTS: there is no frame where one must begin`);
      const size = (rest.readUInt32BE(at + 2) >>> 5) & 0x1fff;
      if (size < 7) throw new Error(`${file} is not ADTS: a frame says that it is ${size} bytes long`);
      if (at + size > rest.length) break;
      yield rest.subarray(at, at + size);
      at += size;
    }
    rest = rest.subarray(at);
  }
}
