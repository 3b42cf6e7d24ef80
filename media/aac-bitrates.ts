import { SettingsError } from './settings-parser.ts';

/** Coding modes of AAC-LC that are carried out here, with their channels. */
export const AAC_CHANNELS = { CODING_MODE_1_0: 1, CODING_MODE_2_0: 2 } as const;

export type AacCodingMode = keyof typeof AAC_CHANNELS;

/** Every bitrate that MediaConvert has for AAC, in bits a second. */
const BITRATES = [
  6000, 8000, 10_000, 12_000, 14_000, 16_000, 20_000, 24_000, 28_000, 32_000, 40_000, 48_000, 56_000, 64_000, 80_000, 96_000, 112_000,
  128_000, 160_000, 192_000, 224_000, 256_000, 288_000, 320_000, 384_000, 448_000, 512_000, 576_000, 640_000, 768_000, 896_000, 1_024_000,
];

// Profile LC, from the page "AAC support" of the user guide, lowest and highest bitrate by sample rate.
const RANGES: Readonly<Record<AacCodingMode, Readonly<Record<number, readonly [number, number]>>>> = {
  CODING_MODE_1_0: { 24_000: [24_000, 28_000], 32_000: [32_000, 192_000], 44_100: [56_000, 256_000], 48_000: [56_000, 288_000] },
  CODING_MODE_2_0: { 44_100: [64_000, 512_000], 48_000: [64_000, 576_000] },
};

/**
 * Checks a combination of AAC-LC settings as MediaConvert does when a job is created.
 * @throws SettingsError with the service's words
 */
export function checkAacBitrate(codingMode: AacCodingMode, sampleRate: number, bitrate: number, path: string): void {
  const range = RANGES[codingMode][sampleRate];
  if (range === undefined) {
    throw new SettingsError(
      `${path}/sampleRate`,
      `You specified a value for Sample rate that is not valid with the combination of Profile LC and Coding mode ${codingMode} you selected. Specify one of: ${Object.keys(RANGES[codingMode]).join(', ')}`,
    );
  }
  const [lowest, highest] = range;
  if (bitrate < lowest || bitrate > highest || !BITRATES.includes(bitrate)) {
    throw new SettingsError(
      `${path}/bitrate`,
      `You specified a value for Bitrate that is not valid with the combination of Profile LC, Coding mode ${codingMode}, and Sample rate ${sampleRate} you selected. Specify a bitrate in the range of ${lowest}-${highest}`,
    );
  }
}
