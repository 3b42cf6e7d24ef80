import { expect, test } from '@jest/globals';
import { planTranscode } from '../../media/transcode-plan.ts';
import { sermonSettings } from './sermon-settings.ts';

test('a bitrate that MediaConvert refuses is refused with its words', () => {
  expect(() => planTranscode(sermonSettings({ bitrates: [64_000, 48_000] }))).toThrow(
    '/outputGroups/0/outputs/1/audioDescriptions/0/codecSettings/aacSettings/bitrate: You specified a value for Bitrate that is not valid with the combination of Profile LC, Coding mode CODING_MODE_1_0, and Sample rate 48000 you selected. Specify a bitrate in the range of 56000-288000',
  );
});

test('a setting that is not carried out is refused by its path, never ignored', () => {
  const settings = { ...sermonSettings(), NielsenConfiguration: {} };
  expect(() => planTranscode(settings)).toThrow('/nielsenConfiguration: Is not carried out here');
});

test('two outputs of a group cannot share a name', () => {
  expect(() => planTranscode(sermonSettings({ bitrates: [64_000, 64_000] }))).toThrow('/outputGroups/0/outputs/1/nameModifier');
});

test('a remix must have a gain for every channel of the input', () => {
  const wrong: unknown = JSON.parse(JSON.stringify(sermonSettings({ channels: 2 })).replace('"ChannelsIn":2', '"ChannelsIn":3'));
  expect(() => planTranscode(wrong)).toThrow('one gain for each of the 3 input channels');
});

test('the settings become renditions with their loudness, and destinations', () => {
  const plan = planTranscode(sermonSettings({ channels: 2 }));
  expect(plan.remix?.[0]?.map((db) => Number(db.toFixed(3)))).toEqual([-6.021, -6.021]);
  expect(plan.groups.map(({ kind, destination }) => ({ kind, destination }))).toEqual([
    { kind: 'hls', destination: 's3://media/sermons/x/hls/main' },
    { kind: 'file', destination: 's3://media/sermons/x/audio' },
  ]);
  expect(plan.groups[0]?.renditions[0]).toEqual({
    nameModifier: '_a64',
    codec: { name: 'aac', bitrate: 64_000, sampleRate: 48_000, channels: 1 },
    loudness: { lufs: -16, truePeak: -1.5 },
  });
});
