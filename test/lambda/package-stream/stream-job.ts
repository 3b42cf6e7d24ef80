const audio = (CodecSettings: object): object => ({ AudioSourceName: 'Audio Selector 1', CodecSettings });

const aacRendition = (Bitrate: number): object => ({
  NameModifier: `_a${Bitrate / 1000}`,
  OutputSettings: { HlsSettings: { AudioTrackType: 'AUDIO_ONLY_VARIANT_STREAM', AudioOnlyContainer: 'AUTOMATIC', AudioGroupId: 'audio' } },
  ContainerSettings: { Container: 'M3U8', M3u8Settings: {} },
  AudioDescriptions: [
    audio({
      Codec: 'AAC',
      AacSettings: { CodecProfile: 'LC', CodingMode: 'CODING_MODE_1_0', RateControlMode: 'CBR', SampleRate: 48000, Bitrate },
    }),
  ],
});

/** As much of the workflow's transcoding job as Package stream depends on: two renditions and the MP3, without loudness. */
export const streamJob = ({ hlsPrefix, prefix }: { readonly hlsPrefix: string; readonly prefix: string }): object => ({
  TimecodeConfig: { Source: 'ZEROBASED' },
  Inputs: [
    {
      FileInput: 's3://media/source.wav',
      TimecodeSource: 'ZEROBASED',
      AudioSelectors: { 'Audio Selector 1': { DefaultSelection: 'DEFAULT' } },
    },
  ],
  OutputGroups: [
    {
      Name: 'hls',
      OutputGroupSettings: {
        Type: 'HLS_GROUP_SETTINGS',
        HlsGroupSettings: {
          Destination: `s3://media/${hlsPrefix}main`,
          SegmentLength: 6,
          MinSegmentLength: 0,
          MinFinalSegmentLength: 2,
          SegmentLengthControl: 'EXACT',
          SegmentControl: 'SEGMENTED_FILES',
          OutputSelection: 'MANIFESTS_AND_SEGMENTS',
          ManifestDurationFormat: 'FLOATING_POINT',
          ManifestCompression: 'NONE',
          CodecSpecification: 'RFC_6381',
          TargetDurationCompatibilityMode: 'SPEC_COMPLIANT',
          DirectoryStructure: 'SINGLE_DIRECTORY',
          ProgramDateTime: 'EXCLUDE',
          ProgressiveWriteHlsManifest: 'DISABLED',
          ClientCache: 'ENABLED',
          TimedMetadataId3Frame: 'PRIV',
        },
      },
      Outputs: [aacRendition(64_000), aacRendition(128_000)],
    },
    {
      Name: 'podcast',
      OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS', FileGroupSettings: { Destination: `s3://media/${prefix}audio` } },
      Outputs: [
        {
          ContainerSettings: { Container: 'RAW' },
          Extension: 'mp3',
          AudioDescriptions: [
            audio({ Codec: 'MP3', Mp3Settings: { RateControlMode: 'CBR', Bitrate: 96000, Channels: 1, SampleRate: 44100 } }),
          ],
        },
      ],
    },
  ],
});
