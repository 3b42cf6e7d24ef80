import type { JobSettings } from '@aws-sdk/client-mediaconvert';

/** Settings as publish-sermon asks for them, with the parts that tests vary. */
export function sermonSettings({
  channels = 1,
  bitrates = [64_000, 96_000, 128_000],
  input = 's3://media/work/source.mp3',
  output = 's3://media/sermons/x/',
} = {}): JobSettings {
  const loudness = {
    Algorithm: 'ITU_BS_1770_3',
    AlgorithmControl: 'CORRECT_AUDIO',
    TargetLkfs: -16,
    TruePeakLimiterThreshold: -1.5,
    PeakCalculation: 'TRUE_PEAK',
    LoudnessLogging: 'DONT_LOG',
  } as const;
  const share = -20 * Math.log10(channels);
  return {
    TimecodeConfig: { Source: 'ZEROBASED' },
    Inputs: [
      {
        FileInput: input,
        TimecodeSource: 'ZEROBASED',
        AudioSelectors: {
          'Audio Selector 1': {
            DefaultSelection: 'DEFAULT',
            RemixSettings: {
              ChannelsIn: channels,
              ChannelsOut: 1,
              ChannelMapping: { OutputChannels: [{ InputChannelsFineTune: Array.from({ length: channels }, () => share) }] },
            },
          },
        },
      },
    ],
    OutputGroups: [
      {
        Name: 'hls',
        OutputGroupSettings: {
          Type: 'HLS_GROUP_SETTINGS',
          HlsGroupSettings: {
            Destination: `${output}hls/main`,
            SegmentLength: 6,
            MinSegmentLength: 0,
            MinFinalSegmentLength: 2,
            SegmentLengthControl: 'EXACT',
            CodecSpecification: 'RFC_6381',
            TimedMetadataId3Frame: 'PRIV',
          },
        },
        Outputs: bitrates.map((Bitrate) => ({
          NameModifier: `_a${Bitrate / 1000}`,
          OutputSettings: {
            HlsSettings: { AudioTrackType: 'AUDIO_ONLY_VARIANT_STREAM', AudioOnlyContainer: 'AUTOMATIC', AudioGroupId: 'audio' },
          },
          ContainerSettings: { Container: 'M3U8', M3u8Settings: {} },
          AudioDescriptions: [
            {
              AudioSourceName: 'Audio Selector 1',
              AudioNormalizationSettings: loudness,
              CodecSettings: {
                Codec: 'AAC',
                AacSettings: { CodecProfile: 'LC', CodingMode: 'CODING_MODE_1_0', RateControlMode: 'CBR', SampleRate: 48_000, Bitrate },
              },
            },
          ],
        })),
      },
      {
        Name: 'podcast',
        OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS', FileGroupSettings: { Destination: `${output}audio` } },
        Outputs: [
          {
            ContainerSettings: { Container: 'RAW' },
            Extension: 'mp3',
            AudioDescriptions: [
              {
                AudioSourceName: 'Audio Selector 1',
                AudioNormalizationSettings: loudness,
                CodecSettings: { Codec: 'MP3', Mp3Settings: { RateControlMode: 'CBR', Bitrate: 96_000, Channels: 1, SampleRate: 44_100 } },
              },
            ],
          },
        ],
      },
    ],
  };
}

/** Settings of the speech copy. */
export function speechSettings({ input = 's3://media/work/source.mp3', output = 's3://media/work/speech' } = {}): JobSettings {
  return {
    TimecodeConfig: { Source: 'ZEROBASED' },
    Inputs: [{ FileInput: input, AudioSelectors: { 'Audio Selector 1': { DefaultSelection: 'DEFAULT' } } }],
    OutputGroups: [
      {
        OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS', FileGroupSettings: { Destination: output } },
        Outputs: [
          {
            ContainerSettings: { Container: 'RAW' },
            Extension: 'wav',
            AudioDescriptions: [
              { CodecSettings: { Codec: 'WAV', WavSettings: { BitDepth: 16, Channels: 1, SampleRate: 16_000, Format: 'RIFF' } } },
            ],
          },
        ],
      },
    ],
  };
}
