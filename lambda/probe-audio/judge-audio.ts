import type { Container, Track } from '@aws-sdk/client-mediaconvert';
import {
  NoAudioTrackError,
  ProtectedAudioError,
  TooLongError,
  TooShortError,
  UnreadableAudioError,
  UnsupportedFormatError,
} from '../shared/errors.ts';
import type { ProbedAudio, UploadedSource } from '../shared/sermon.ts';
import { refusedFormat } from './known-format.ts';
import { transcribeFormat } from './transcribe-format.ts';

/** What was found out about an upload. */
export interface Finding {
  readonly source: Pick<UploadedSource, 'key' | 'sizeBytes'>;
  /** What MediaConvert's Probe says, or why it could not read the file. */
  readonly probe: { readonly container: Container } | { readonly refusal: string; readonly cause?: unknown };
  /** The file's first bytes, 16 at least where it has as many. */
  readonly head: Uint8Array;
  /** Sample formats of an MP4's tracks; empty for everything else. */
  readonly sampleEntries: readonly string[];
}

/** How long a recording may be, both included. */
export interface DurationGates {
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

/** Containers that MediaConvert takes for sound, as Probe names them (its list of audio-only inputs). */
const CONTAINERS = new Set(['asf', 'flac', 'matroska', 'mp3', 'mp4', 'mpegts', 'ogg', 'quicktime', 'wave', 'webm']);

/** Codecs that MediaConvert decodes in them, as Probe names them. */
const CODECS = new Set(['AAC', 'AC3', 'EAC3', 'FLAC', 'MP2', 'MP3', 'OPUS', 'PCM', 'VORBIS', 'WMA', 'WMA2', 'WMAPRO']);

/** Sample formats of protected sound: `drms` is FairPlay's, `enca` that of Common Encryption. Probe shows neither. */
const PROTECTED = ['drms', 'enca'];

/** More would be a multitrack session; nobody preaches in it. */
const MOST_CHANNELS = 8;

/**
 * Accepts an upload by its content, never by its name.
 * @throws ProtectedAudioError, UnsupportedFormatError, UnreadableAudioError, NoAudioTrackError, TooShortError, TooLongError
 */
export function judgeAudio(finding: Finding, { shortestSeconds, longestSeconds }: DurationGates): ProbedAudio {
  const { source } = finding;
  const container = readableContainer(finding);
  const track = audioTrack(finding, container);
  const durationSeconds = durationOf(container, track, source.sizeBytes);
  if (durationSeconds === undefined) throw new UnreadableAudioError(source.key, 'its length cannot be determined');
  if (durationSeconds < shortestSeconds) throw new TooShortError(source.key, durationSeconds, shortestSeconds);
  if (durationSeconds > longestSeconds) throw new TooLongError(source.key, durationSeconds, longestSeconds);

  const { Channels: channels = 0, SampleRate: sampleRate = 0, BitDepth: bitDepth } = track.AudioProperties ?? {};
  const described = { durationSeconds, channels, sampleRate, codec: track.Codec ?? '', container: container.Format ?? '' };
  return { ...described, monoGainsDb: monoGains(channels), transcribeFormat: transcribeFormat({ ...described, bitDepth }) };
}

function readableContainer({ source, probe, head, sampleEntries }: Finding): Container {
  const protection = sampleEntries.find((entry) => PROTECTED.includes(entry));
  if (protection !== undefined) throw new ProtectedAudioError(source.key, protection);
  if (sampleEntries.includes('alac')) throw new UnsupportedFormatError(source.key, 'Apple Lossless (ALAC)');

  const format: string | undefined = 'container' in probe ? probe.container.Format : undefined;
  if ('container' in probe && format !== undefined && CONTAINERS.has(format)) return probe.container;
  const refused = refusedFormat(head) ?? format;
  if (refused !== undefined) throw new UnsupportedFormatError(source.key, refused);
  if ('refusal' in probe) throw new UnreadableAudioError(source.key, probe.refusal, { cause: probe.cause });
  throw new UnreadableAudioError(source.key, 'its format is not known');
}

function audioTrack({ source }: Finding, { Tracks: tracks = [] }: Container): Track {
  const track = tracks.find(({ TrackType: type }) => type === 'audio');
  if (track === undefined && tracks.length === 0) throw new UnreadableAudioError(source.key, 'it has no tracks');
  if (track === undefined) throw new NoAudioTrackError(source.key);

  const { Channels: channels = 0, SampleRate: sampleRate = 0 } = track.AudioProperties ?? {};
  // Random bytes may hold what looks like an MP3 frame: sound without channels.
  if (channels < 1 || sampleRate < 1) throw new UnreadableAudioError(source.key, 'its audio track cannot be decoded');
  if (channels > MOST_CHANNELS) throw new UnsupportedFormatError(source.key, `sound with ${channels} channels`);
  if (track.Codec === undefined || !CODECS.has(track.Codec)) throw new UnsupportedFormatError(source.key, codecName(track));
  return track;
}

/** Probe says UNKNOWN where it has no name for a codec, such as ADPCM. */
const codecName = ({ Codec: codec = 'UNKNOWN' }: Track): string => (codec === 'UNKNOWN' ? 'sound of an unknown codec' : `${codec} sound`);

/**
 * As the container says, or the track; for a bare stream that says neither, from its bit rate. Pictures may go on when the
 * sound has ended, so beside them only the track's own length counts.
 */
function durationOf(container: Container, track: Track, sizeBytes: number): number | undefined {
  const hasPictures = container.Tracks?.some(({ TrackType }) => TrackType === 'video') ?? false;
  const lengths = hasPictures ? [track.Duration, container.Duration] : [container.Duration, track.Duration];
  const said = lengths.find((duration) => duration !== undefined && Number.isFinite(duration) && duration > 0);
  if (said !== undefined) return said;
  const bitRate = container.BitRate ?? track.AudioProperties?.BitRate ?? 0;
  return bitRate > 0 ? (sizeBytes * 8) / bitRate : undefined;
}

/** Equal shares of all channels that sum to unity, in decibels with one decimal: two channels are -6 dB each. */
const monoGains = (channels: number): readonly number[] => {
  const gain = channels === 1 ? 0 : -Math.round(200 * Math.log10(channels)) / 10;
  return Array.from({ length: channels }, () => gain);
};
