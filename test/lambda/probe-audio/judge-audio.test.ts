import { expect, test } from '@jest/globals';
import type { Container } from '@aws-sdk/client-mediaconvert';
import type { Finding } from '../../../lambda/probe-audio/judge-audio.ts';
import { judgeAudio } from '../../../lambda/probe-audio/judge-audio.ts';
import { taskLimits } from '../../../lambda/probe-audio/task-limits.ts';
import type { ProbedAudio } from '../../../lambda/shared/sermon.ts';

const gates = { shortestSeconds: 0.5, longestSeconds: 14_400 };

interface Sound {
  readonly format?: Container['Format'] | undefined;
  readonly codec?: NonNullable<Container['Tracks']>[number]['Codec'];
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bitDepth?: number;
  readonly durationSeconds?: number | undefined;
  readonly pictures?: boolean;
}

function containerOf(sound: Sound): Container {
  const { codec = 'MP3', channels = 2, sampleRate = 44_100, bitDepth, pictures = false } = sound;
  const audio = {
    TrackType: 'audio' as const,
    Codec: codec,
    AudioProperties: { Channels: channels, SampleRate: sampleRate, BitDepth: bitDepth },
  };
  return {
    Format: 'format' in sound ? sound.format : 'mp3',
    Duration: 'durationSeconds' in sound ? sound.durationSeconds : 1800,
    Tracks: pictures ? [{ TrackType: 'video', Codec: 'AVC' }, audio] : [audio],
  };
}

function judge(container: Container, finding: Partial<Finding> = {}): ProbedAudio {
  return judgeAudio(
    {
      source: { key: 'uploads/a.mp3', sizeBytes: 1_000_000 },
      probe: { container },
      head: new Uint8Array(16),
      sampleEntries: [],
      ...finding,
    },
    gates,
  );
}

const nameOf = (judging: () => unknown): string => {
  try {
    judging();
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
};

test.each<[string, Sound, ProbedAudio['transcribeFormat']]>([
  ['MP3', {}, 'mp3'],
  ['AAC in MP4', { format: 'mp4', codec: 'AAC' }, 'mp4'],
  ['an MP4 with pictures', { format: 'mp4', codec: 'AAC', pictures: true }, 'mp4'],
  ['a QuickTime movie', { format: 'quicktime', codec: 'PCM', bitDepth: 16, pictures: true }, null],
  ['WAV of 16 bits', { format: 'wave', codec: 'PCM', bitDepth: 16 }, 'wav'],
  ['WAV of 24 bits', { format: 'wave', codec: 'PCM', bitDepth: 24 }, null],
  ['WMA', { format: 'asf', codec: 'WMA2' }, null],
  ['FLAC with 8 channels', { format: 'flac', codec: 'FLAC', channels: 8 }, null],
  ['FLAC at 96 kHz', { format: 'flac', codec: 'FLAC', sampleRate: 96_000 }, null],
  ['Opus in Ogg', { format: 'ogg', codec: 'OPUS', sampleRate: 48_000 }, 'ogg'],
  ['Opus in WebM', { format: 'webm', codec: 'OPUS', sampleRate: 48_000 }, 'webm'],
])('%s is accepted, and Transcribe gets it as documented or as a speech copy', (_what, sound, format) => {
  expect(judge(containerOf(sound)).transcribeFormat).toBe(format);
});

test.each<[string, Container, Partial<Finding>, string]>([
  ['text', {}, { probe: { refusal: 'unable to open' } }, 'UnreadableAudioError'],
  ['a file of unknown format', containerOf({ format: undefined }), {}, 'UnreadableAudioError'],
  ['random bytes that look like MP3', containerOf({ channels: 0, sampleRate: 0, durationSeconds: undefined }), {}, 'UnreadableAudioError'],
  ['a recording without any length', containerOf({ durationSeconds: undefined }), {}, 'UnreadableAudioError'],
  ['a video without sound', { Format: 'mp4', Duration: 9, Tracks: [{ TrackType: 'video' }] }, {}, 'NoAudioTrackError'],
  ['0.4 s', containerOf({ durationSeconds: 0.4 }), {}, 'TooShortError'],
  ['five hours', containerOf({ durationSeconds: 18_000 }), {}, 'TooLongError'],
  ['protected sound', containerOf({ format: 'mp4', codec: 'AAC' }), { sampleEntries: ['drms'] }, 'ProtectedAudioError'],
  ['protected sound that Probe cannot read', {}, { probe: { refusal: 'no' }, sampleEntries: ['avc1', 'enca'] }, 'ProtectedAudioError'],
  ['ALAC', containerOf({ format: 'mp4', codec: 'UNKNOWN' }), { sampleEntries: ['alac'] }, 'UnsupportedFormatError'],
  ['AIFF', {}, { probe: { refusal: 'no' }, head: Buffer.from('FORM\0\0\0\0AIFFCOMM') }, 'UnsupportedFormatError'],
  ['CAF', containerOf({ format: undefined }), { head: Buffer.from('caff\0\0\0\0desc....') }, 'UnsupportedFormatError'],
  ['raw AAC', {}, { probe: { refusal: 'no' }, head: Buffer.from('fff150802e7ffc', 'hex') }, 'UnsupportedFormatError'],
  ['AC-3', {}, { probe: { refusal: 'no' }, head: Buffer.from('0b77d53c', 'hex') }, 'UnsupportedFormatError'],
  ['AVI', containerOf({ format: 'avi' }), {}, 'UnsupportedFormatError'],
])('%s is refused', (_what, container, finding, error) => {
  expect(nameOf(() => judge(container, finding))).toBe(error);
});

test('an MP3 that does not say its length is timed by its bit rate', () => {
  expect(judge({ ...containerOf({ durationSeconds: undefined }), BitRate: 128_000 }).durationSeconds).toBe(62.5);
});

test('beside pictures that outlast it, sound is as long as its own track', () => {
  const { Tracks: [picture = {}, sound = {}] = [], ...container } = containerOf({
    format: 'mp4',
    codec: 'AAC',
    pictures: true,
    durationSeconds: 12,
  });
  expect(
    judge({
      ...container,
      Tracks: [
        { ...picture, Duration: 12 },
        { ...sound, Duration: 10 },
      ],
    }).durationSeconds,
  ).toBe(10);
});

test('the gains of a mono mix-down sum to unity', () => {
  for (const channels of [1, 2, 6, 8]) {
    const { monoGainsDb } = judge(containerOf({ format: 'flac', codec: 'FLAC', channels }));
    expect(monoGainsDb).toHaveLength(channels);
    expect(monoGainsDb.reduce((sum, gain) => sum + 10 ** (gain / 20), 0)).toBeCloseTo(1, 1);
  }
});

test('a timeout is whole seconds, and leaves the job its time in the queue', () => {
  const limits = taskLimits(199.3, 3600);
  expect(Object.values(limits).every((seconds) => Number.isInteger(seconds) && seconds > 3600 + 600)).toBe(true);
});
