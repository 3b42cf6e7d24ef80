/** Which run's files: every run of a version has a prefix of its own, so two runs never mix. */
export interface RunIdentity {
  readonly sermonId: string;
  readonly version: string;
  readonly revision: number;
}

/** Prefix of uploads in the uploads bucket; the EventBridge rule matches it. */
export const UPLOADS_PREFIX = 'uploads/';

/** Where listeners' files lie in the media bucket: the only prefix that CloudFront may read. */
export const SERMONS_PREFIX = 'sermons/';

/** Where a run's intermediate files lie; kept 15 days, longer than a redrive is possible. */
export const WORK_PREFIX = 'work/';

/** Where the full-text shards lie. */
export const SEARCH_PREFIX = 'search/';

const runPath = ({ sermonId, version, revision }: RunIdentity): string => `${sermonId}/${version}/${revision}`;

/** Keys of everything a run publishes. */
export const publishedKeys = (run: RunIdentity) => {
  const prefix = `${SERMONS_PREFIX}${runPath(run)}/`;
  return {
    prefix,
    /** Ours; what listeners open. */
    playlist: `${prefix}hls/index.m3u8`,
    /** MediaConvert's own; kept so that Package stream can run again. */
    mediaConvertPlaylist: `${prefix}hls/main.m3u8`,
    hlsPrefix: `${prefix}hls/`,
    audio: `${prefix}audio.mp3`,
    transcript: `${prefix}transcript.json`,
    captions: `${prefix}captions.vtt`,
    waveform: `${prefix}waveform.json`,
  } as const;
};

/** Keys of everything that only the run itself needs. */
export const workKeys = (run: RunIdentity) => {
  const prefix = `${WORK_PREFIX}${runPath(run)}/`;
  return {
    prefix,
    /** The pinned source; the extension is kept because services look at it. */
    source: (extension: string) => `${prefix}source${extension}`,
    speech: `${prefix}speech.wav`,
    transcription: `${prefix}transcription.json`,
    passages: `${prefix}passages.json`,
    embeddings: `${prefix}embeddings.json`,
    embeddingCheckpoint: `${prefix}embeddings.checkpoint.json`,
  } as const;
};

/** The full-text shard. One for now; the name leaves room for more. */
export const SHARD_KEY = `${SEARCH_PREFIX}shard-0.sqlite`;
