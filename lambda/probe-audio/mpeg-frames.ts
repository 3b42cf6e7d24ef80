import type { RangedObject } from './ranged-object.ts';

/** Kilobits a second by the header's bit rate index, for MPEG 1 and for MPEG 2 and 2.5. */
const LAYER_3_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const LAYER_2_V1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const LAYERS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES_V1 = [44_100, 48_000, 32_000];
/** By the header's version: MPEG 2.5 has a quarter of these rates, MPEG 2 half of them. */
const SLOWER = [4, 1, 2, 1];

/** Padding and stray bytes before the first frame that are put up with. */
const SEARCHED_BYTES = 128 * 1024;

/** Frames that must follow each other: chance makes one out of random bytes, and hardly ever four. */
const FRAMES_NEEDED = 4;

/**
 * Whether MPEG audio frames follow each other near the object's start. Probes take random bytes for an MP3 now and then
 * (1 of 40 files tried with ffprobe), and nothing else in an MP3 says what it is.
 */
export async function hasMpegFrames(object: RangedObject): Promise<boolean> {
  const bytes = await object.read(await afterTags(object), SEARCHED_BYTES);
  for (let start = 0; start + 4 <= bytes.length; start += 1) {
    let position = start;
    for (let frames = 0; ; frames += 1) {
      if (frames === FRAMES_NEEDED) return true;
      const length = frameBytes(bytes, position);
      if (length === undefined) break;
      position += length;
    }
  }
  return false;
}

/** Where sound may begin: behind any ID3 tags, which may hold pictures of megabytes. */
async function afterTags(object: RangedObject): Promise<number> {
  let position = 0;
  for (;;) {
    const [i, d, three, , , flags = 0, ...size] = await object.read(position, 10);
    if (i !== 0x49 || d !== 0x44 || three !== 0x33 || size.length < 4) return position;
    // Four times seven bits; a footer of ten bytes where the flag says so.
    position += 10 + size.reduce((sum, byte) => (sum << 7) | (byte & 0x7f), 0) + ((flags & 0x10) === 0 ? 0 : 10);
  }
}

/** Length of the frame that begins at `position`, by its header; undefined where none begins. */
function frameBytes(bytes: Uint8Array, position: number): number | undefined {
  const [first, second = 0, third = 0] = bytes.subarray(position, position + 3);
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3];
  // Version 1 and layer 0 are reserved; layer I has long been out of use.
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || version === 1 || layer === 0 || layer === 3) return undefined;
  const rates = version === 3 ? (layer === 1 ? LAYER_3_V1 : LAYER_2_V1) : LAYERS_V2;
  const kilobits = rates[third >> 4] ?? 0;
  const sampleRate = (SAMPLE_RATES_V1[(third >> 2) & 3] ?? 0) / (SLOWER[version] ?? 1);
  if (kilobits === 0 || sampleRate === 0) return undefined;
  const samplesPerByteRate = layer === 1 && version !== 3 ? 72 : 144;
  return Math.floor((samplesPerByteRate * kilobits * 1000) / sampleRate) + ((third >> 1) & 1);
}
