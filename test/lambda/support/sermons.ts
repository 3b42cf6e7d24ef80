import type { Execution } from '../../../lambda/shared/observability.ts';
import { executionNameFor, sermonIdFor, versionFor } from '../../../lambda/shared/identity.ts';
import type { PublishingRun } from '../../../lambda/publish-sermon/publish.ts';
import { costOf } from '../../../lambda/shared/cost.ts';
import type { Packaged, PreparedSermon, Sermon } from '../../../lambda/shared/sermon.ts';

/** The moment at which tests take place. */
export const NOW = new Date('2026-04-05T09:00:00.000Z');

/** A sermon as start-run hands it to the workflow. */
export function sermonOf({ key = 'uploads/easter.mp3', sequencer = '10', revision = 0, sizeBytes = 1_000_000 } = {}): Sermon {
  return {
    sermonId: sermonIdFor(key),
    version: versionFor(sequencer),
    revision,
    source: { bucket: 'uploads', key, versionId: `v-${sequencer}`, etag: 'e', sizeBytes },
  };
}

/** The execution of a sermon's run. */
export function executionOf({ source, version, revision }: Sermon): Execution {
  const name = executionNameFor({ bucket: source.bucket, key: source.key, sequencer: version }, revision);
  return { name, arn: `arn:aws:states:us-east-1:000000000000:execution:publish-sermon:${name}` };
}

/** A run that asks to be published. */
export const publishingOf = (sermon: Sermon): PublishingRun => ({ execution: executionOf(sermon), cost: costOf(preparedOf(sermon)) });

/** A sermon as Publish sermon gets it. */
export function preparedOf(sermon: Sermon): PreparedSermon & Packaged {
  return {
    ...sermon,
    sourceKey: 'work/source.mp3',
    audio: {
      durationSeconds: 60,
      channels: 1,
      sampleRate: 44_100,
      codec: 'MP3',
      container: 'mp3',
      monoGainsDb: [0],
      transcribeFormat: 'mp3',
    },
    tags: { title: 'He is risen', preacher: 'A. Smith' },
    limits: { transcodeSeconds: 1, speechCopySeconds: 1, transcriptionSeconds: 1, embeddingSeconds: 1 },
    transcript: { hasSpeech: true, passagesKey: 'work/passages.json', wordCount: 9, language: 'en-US' },
    stream: {
      playlistKey: 'sermons/index.m3u8',
      audioKey: 'sermons/audio.mp3',
      waveformKey: 'sermons/waveform.json',
      durationSeconds: 59.9,
    },
  };
}
