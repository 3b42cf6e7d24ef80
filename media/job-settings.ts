import {
  integer,
  list,
  mapOf,
  number,
  object,
  oneOf,
  optional,
  s3Url,
  text,
  withDefault,
  type Parsed,
  type Parser,
} from './settings-parser.ts';

const remixSettings = object({
  // Eight channels are the most that a sermon's recording has had; MediaConvert itself goes to 64.
  ChannelsIn: integer(1, 64),
  ChannelsOut: oneOf(1, 2),
  ChannelMapping: object({
    OutputChannels: list(
      object({
        InputChannels: optional(list(integer(-60, 6))),
        InputChannelsFineTune: optional(list(number(-60, 6))),
      }),
      { least: 1 },
    ),
  }),
});

const audioSelector = object({
  DefaultSelection: optional(oneOf('DEFAULT', 'NOT_DEFAULT')),
  Offset: optional(oneOf(0)),
  ProgramSelection: optional(oneOf(0, 1)),
  RemixSettings: optional(remixSettings),
  SelectorType: optional(oneOf('TRACK')),
  Tracks: optional(list(integer(1, 64), { least: 1, most: 1 })),
});

const input = object({
  FileInput: s3Url,
  TimecodeSource: optional(oneOf('ZEROBASED', 'EMBEDDED', 'SPECIFIEDSTART')),
  AudioSelectors: mapOf(audioSelector),
});

const normalisation = object({
  Algorithm: withDefault(oneOf('ITU_BS_1770_2', 'ITU_BS_1770_3', 'ITU_BS_1770_4'), 'ITU_BS_1770_2'),
  AlgorithmControl: withDefault(oneOf('CORRECT_AUDIO', 'MEASURE_ONLY'), 'CORRECT_AUDIO'),
  LoudnessLogging: optional(oneOf('DONT_LOG')),
  PeakCalculation: optional(oneOf('NONE', 'TRUE_PEAK')),
  // The gated algorithms start from -23 LKFS, and the limiter from full scale, when nothing is said.
  TargetLkfs: withDefault(number(-59, 0), -23),
  TruePeakLimiterThreshold: withDefault(number(-8, 0), 0),
});

const aacSettings = object({
  Bitrate: integer(6000, 1_024_000),
  CodecProfile: withDefault(oneOf('LC'), 'LC'),
  CodingMode: oneOf('CODING_MODE_1_0', 'CODING_MODE_2_0'),
  RateControlMode: withDefault(oneOf('CBR'), 'CBR'),
  RawFormat: optional(oneOf('NONE')),
  SampleRate: integer(8000, 96_000),
  Specification: optional(oneOf('MPEG4')),
});

const mp3Settings = object({
  RateControlMode: withDefault(oneOf('CBR'), 'CBR'),
  Bitrate: oneOf(
    16_000,
    24_000,
    32_000,
    40_000,
    48_000,
    56_000,
    64_000,
    80_000,
    96_000,
    112_000,
    128_000,
    160_000,
    192_000,
    224_000,
    256_000,
    320_000,
  ),
  Channels: oneOf(1, 2),
  SampleRate: oneOf(22_050, 32_000, 44_100, 48_000),
});

const wavSettings = object({
  BitDepth: withDefault(oneOf(16, 24), 16),
  Channels: oneOf(1, 2),
  SampleRate: integer(8000, 192_000),
  Format: withDefault(oneOf('RIFF'), 'RIFF'),
});

const audioDescription = object({
  AudioSourceName: optional(text),
  AudioNormalizationSettings: optional(normalisation),
  LanguageCodeControl: optional(oneOf('FOLLOW_INPUT')),
  CodecSettings: object({
    Codec: oneOf('AAC', 'MP3', 'WAV'),
    AacSettings: optional(aacSettings),
    Mp3Settings: optional(mp3Settings),
    WavSettings: optional(wavSettings),
  }),
});

const output = object({
  NameModifier: optional(text),
  Extension: optional(text),
  ContainerSettings: object({ Container: oneOf('M3U8', 'RAW'), M3u8Settings: optional(object({})) }),
  AudioDescriptions: list(audioDescription, { least: 1, most: 1 }),
  OutputSettings: optional(
    object({
      HlsSettings: optional(
        object({
          AudioGroupId: optional(text),
          AudioOnlyContainer: withDefault(oneOf('AUTOMATIC'), 'AUTOMATIC'),
          AudioTrackType: withDefault(oneOf('AUDIO_ONLY_VARIANT_STREAM'), 'AUDIO_ONLY_VARIANT_STREAM'),
        }),
      ),
    }),
  ),
});

const hlsGroupSettings = object({
  Destination: s3Url,
  SegmentLength: integer(1, 2_147_483_647),
  MinSegmentLength: oneOf(0),
  MinFinalSegmentLength: withDefault(number(0, 2_147_483_647), 0),
  // MATCH is refused for audio-only outputs by the service as well.
  SegmentLengthControl: withDefault(oneOf('EXACT'), 'EXACT'),
  SegmentControl: withDefault(oneOf('SEGMENTED_FILES'), 'SEGMENTED_FILES'),
  OutputSelection: withDefault(oneOf('MANIFESTS_AND_SEGMENTS'), 'MANIFESTS_AND_SEGMENTS'),
  ManifestDurationFormat: withDefault(oneOf('FLOATING_POINT', 'INTEGER'), 'FLOATING_POINT'),
  ManifestCompression: withDefault(oneOf('NONE'), 'NONE'),
  CodecSpecification: withDefault(oneOf('RFC_6381', 'RFC_4281'), 'RFC_4281'),
  TargetDurationCompatibilityMode: optional(oneOf('SPEC_COMPLIANT')),
  DirectoryStructure: withDefault(oneOf('SINGLE_DIRECTORY'), 'SINGLE_DIRECTORY'),
  ProgramDateTime: withDefault(oneOf('EXCLUDE'), 'EXCLUDE'),
  ProgressiveWriteHlsManifest: optional(oneOf('ENABLED', 'DISABLED')),
  ClientCache: withDefault(oneOf('ENABLED'), 'ENABLED'),
  // Packed audio always carries its timestamp in such a frame, so these say nothing more.
  TimedMetadataId3Frame: optional(oneOf('PRIV', 'NONE')),
  TimedMetadataId3Period: optional(integer(0, 2_147_483_647)),
});

const outputGroup = object({
  Name: optional(text),
  CustomName: optional(text),
  OutputGroupSettings: object({
    Type: oneOf('HLS_GROUP_SETTINGS', 'FILE_GROUP_SETTINGS'),
    HlsGroupSettings: optional(hlsGroupSettings),
    FileGroupSettings: optional(object({ Destination: s3Url })),
  }),
  Outputs: list(output, { least: 1 }),
});

const jobSettings = object({
  Inputs: list(input, { least: 1, most: 1 }),
  OutputGroups: list(outputGroup, { least: 1 }),
  TimecodeConfig: optional(object({ Source: optional(oneOf('ZEROBASED', 'EMBEDDED')) })),
});

/** The part of MediaConvert's job settings that is carried out here, with defaults filled in. */
export type JobSettings = Parsed<typeof jobSettings>;
export type OutputSettings = Parsed<typeof output>;
export type AudioSettings = Parsed<typeof audioDescription>;
export type RemixSettings = Parsed<typeof remixSettings>;

/**
 * Reads a job's settings, in the SDK's spelling. What it does not know it refuses by its path.
 * @throws SettingsError
 */
export const parseJobSettings: Parser<JobSettings> = jobSettings;
