import { AAC_CHANNELS, checkAacBitrate } from './aac-bitrates.ts';
import { parseJobSettings, type AudioSettings, type JobSettings, type OutputSettings, type RemixSettings } from './job-settings.ts';
import { SettingsError } from './settings-parser.ts';

/** What a job makes from one recording. */
export interface TranscodePlan {
  readonly inputUrl: string;
  /** Which of the input's audio tracks, from 1. */
  readonly track: number;
  /** Gains in dB by output channel and input channel; without it the input is mixed to the codec's channels. */
  readonly remix?: readonly (readonly number[])[];
  readonly groups: readonly GroupPlan[];
}

export type GroupPlan = HlsGroupPlan | FileGroupPlan;

export interface HlsGroupPlan {
  readonly kind: 'hls';
  /** S3 address of the playlist, without its extension. */
  readonly destination: string;
  readonly segmentSeconds: number;
  /** A last segment shorter than this is joined to the one before. */
  readonly shortestLastSegmentSeconds: number;
  readonly wholeSeconds: boolean;
  readonly renditions: readonly (Rendition & { readonly codec: AacCodec })[];
}

export interface FileGroupPlan {
  readonly kind: 'file';
  readonly destination: string;
  readonly renditions: readonly (Rendition & { readonly extension: string })[];
}

export interface Rendition {
  readonly nameModifier: string;
  readonly codec: Codec;
  readonly loudness?: LoudnessTarget;
}

export interface LoudnessTarget {
  /** Integrated loudness in LUFS. */
  readonly lufs: number;
  /** The limiter's threshold in dBTP. */
  readonly truePeak: number;
}

export type Codec = AacCodec | Mp3Codec | WavCodec;

interface AudioFormat {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
}

export interface AacCodec extends AudioFormat {
  readonly name: 'aac';
  readonly bitrate: number;
}

export interface Mp3Codec extends AudioFormat {
  readonly name: 'mp3';
  readonly bitrate: number;
}

export interface WavCodec extends AudioFormat {
  readonly name: 'wav';
  readonly bitDepth: 16 | 24;
}

type Group = JobSettings['OutputGroups'][number];

/**
 * Reads a job's settings, in the SDK's spelling, as a plan.
 * @throws SettingsError for what MediaConvert refuses and for what is not carried out here
 */
export function planTranscode(jobSettings: unknown): TranscodePlan {
  const settings = parseJobSettings(jobSettings, '');
  const [input] = settings.Inputs;
  if (input === undefined) throw new SettingsError('/inputs', 'Should have at least 1 items');
  const [selectorName, selector] = Object.entries(input.AudioSelectors)[0] ?? [];
  if (selectorName === undefined) throw new SettingsError('/inputs/0/audioSelectors', 'Should name an audio selector');
  const remix = selector?.RemixSettings;
  const groups = settings.OutputGroups.map((group, index) => planGroup(group, `/outputGroups/${index}`, selectorName));
  return {
    inputUrl: input.FileInput,
    track: selector?.Tracks?.[0] ?? 1,
    ...(remix === undefined ? {} : { remix: gains(remix, `/inputs/0/audioSelectors/${selectorName}/remixSettings`) }),
    groups,
  };
}

function gains({ ChannelsIn, ChannelsOut, ChannelMapping }: RemixSettings, path: string): readonly (readonly number[])[] {
  const outputs = ChannelMapping.OutputChannels;
  if (outputs.length !== ChannelsOut) {
    throw new SettingsError(
      `${path}/channelMapping/outputChannels`,
      `Should have one entry for each of the ${ChannelsOut} output channels`,
    );
  }
  return outputs.map(({ InputChannels, InputChannelsFineTune }, index) => {
    const row = InputChannelsFineTune ?? InputChannels ?? [];
    if (row.length !== ChannelsIn) {
      throw new SettingsError(
        `${path}/channelMapping/outputChannels/${index}`,
        `Should have one gain for each of the ${ChannelsIn} input channels`,
      );
    }
    return row;
  });
}

function planGroup({ OutputGroupSettings, Outputs }: Group, path: string, selectorName: string): GroupPlan {
  checkNames(Outputs, path);
  const renditions = Outputs.map((output, index) => planOutput(output, `${path}/outputs/${index}`, selectorName));
  if (OutputGroupSettings.Type === 'FILE_GROUP_SETTINGS') {
    const destination = OutputGroupSettings.FileGroupSettings?.Destination;
    if (destination === undefined) throw new SettingsError(`${path}/outputGroupSettings/fileGroupSettings`, 'Is a required property');
    return {
      kind: 'file',
      destination,
      renditions: renditions.map((one, index) => withExtension(one, Outputs[index], `${path}/outputs/${index}`)),
    };
  }
  const hls = OutputGroupSettings.HlsGroupSettings;
  if (hls === undefined) throw new SettingsError(`${path}/outputGroupSettings/hlsGroupSettings`, 'Is a required property');
  return {
    kind: 'hls',
    destination: hls.Destination,
    segmentSeconds: hls.SegmentLength,
    shortestLastSegmentSeconds: hls.MinFinalSegmentLength,
    wholeSeconds: hls.ManifestDurationFormat === 'INTEGER',
    renditions: renditions.map((one, index) => asHls(one, Outputs[index], `${path}/outputs/${index}`)),
  };
}

function checkNames(outputs: readonly OutputSettings[], path: string): void {
  const names = outputs.map(({ NameModifier = '' }) => NameModifier);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      throw new SettingsError(`${path}/outputs/${index}/nameModifier`, 'Should be unique among the outputs of the group');
  });
}

function withExtension(rendition: Rendition, output: OutputSettings | undefined, path: string): Rendition & { readonly extension: string } {
  if (output?.ContainerSettings.Container !== 'RAW')
    throw new SettingsError(`${path}/containerSettings/container`, 'Should be RAW in a file group');
  return { ...rendition, extension: output.Extension ?? rendition.codec.name };
}

function asHls(rendition: Rendition, output: OutputSettings | undefined, path: string): Rendition & { readonly codec: AacCodec } {
  const { codec } = rendition;
  if (output?.ContainerSettings.Container !== 'M3U8')
    throw new SettingsError(`${path}/containerSettings/container`, 'Should be M3U8 in an HLS group');
  if (codec.name !== 'aac') throw new SettingsError(`${path}/audioDescriptions/0/codecSettings/codec`, 'Should be AAC in an HLS group');
  return { ...rendition, codec };
}

function planOutput(output: OutputSettings, path: string, selectorName: string): Rendition {
  const audioPath = `${path}/audioDescriptions/0`;
  const [audio] = output.AudioDescriptions;
  if (audio === undefined) throw new SettingsError(audioPath, 'Is a required property');
  if (audio.AudioSourceName !== undefined && audio.AudioSourceName !== selectorName) {
    throw new SettingsError(
      `${audioPath}/audioSourceName`,
      `You specified "${audio.AudioSourceName}", and the input's audio selector is "${selectorName}"`,
    );
  }
  const normalisation = audio.AudioNormalizationSettings;
  const loudness: LoudnessTarget | undefined =
    normalisation?.AlgorithmControl === 'CORRECT_AUDIO'
      ? { lufs: normalisation.TargetLkfs, truePeak: normalisation.TruePeakLimiterThreshold }
      : undefined;
  return { nameModifier: output.NameModifier ?? '', codec: planCodec(audio, `${audioPath}/codecSettings`), ...(loudness && { loudness }) };
}

function planCodec({ CodecSettings }: AudioSettings, path: string): Codec {
  const { Codec, AacSettings: aac, Mp3Settings: mp3, WavSettings: wav } = CodecSettings;
  if (Codec === 'AAC' && aac !== undefined) {
    checkAacBitrate(aac.CodingMode, aac.SampleRate, aac.Bitrate, `${path}/aacSettings`);
    return { name: 'aac', sampleRate: aac.SampleRate, channels: AAC_CHANNELS[aac.CodingMode], bitrate: aac.Bitrate };
  }
  if (Codec === 'MP3' && mp3 !== undefined)
    return { name: 'mp3', sampleRate: mp3.SampleRate, channels: mp3.Channels, bitrate: mp3.Bitrate };
  if (Codec === 'WAV' && wav !== undefined)
    return { name: 'wav', sampleRate: wav.SampleRate, channels: wav.Channels, bitDepth: wav.BitDepth };
  throw new SettingsError(`${path}/${Codec.toLowerCase()}Settings`, 'Is a required property');
}
