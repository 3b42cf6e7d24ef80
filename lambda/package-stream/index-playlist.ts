import type { Bandwidth } from './bandwidth.ts';

/** A rendition as listeners choose among them. */
export interface Rendition {
  /** Relative to index.m3u8. */
  readonly uri: string;
  readonly bandwidth: Bandwidth;
}

/** Captions as the player offers them. */
export interface Captions {
  /** Relative to index.m3u8. */
  readonly uri: string;
  /** Such as `en-US`. */
  readonly language: string;
}

/** AAC-LC, which is what the workflow asks MediaConvert for (RFC 6381). */
const CODECS = 'mp4a.40.2';

/**
 * The playlist that listeners open. MediaConvert cannot name captions in an audio-only stream, so this one stands beside its
 * own. The best rendition comes first: players begin with the first, and speech needs little.
 */
export function indexPlaylist(renditions: readonly Rendition[], captions?: Captions): string {
  const subtitles = captions === undefined ? '' : ',SUBTITLES="subs"';
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(captions === undefined ? [] : [mediaTag(captions)]),
    ...renditions
      .toSorted((a, b) => b.bandwidth.average - a.bandwidth.average)
      .flatMap(({ uri, bandwidth: { peak, average } }) => [
        `#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${CODECS}"${subtitles}`,
        uri,
      ]),
  ]);
}

const mediaTag = ({ uri, language }: Captions): string =>
  `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="${nameOf(language)}",LANGUAGE="${language}",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="${uri}"`;

const nameOf = (language: string): string =>
  (new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language).replaceAll('"', '');

/** The playlist of the captions' segments. */
export function captionsPlaylist(segments: readonly { readonly name: string; readonly durationSeconds: number }[]): string {
  const target = Math.max(1, ...segments.map(({ durationSeconds }) => Math.ceil(durationSeconds)));
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${target}`,
    '#EXT-X-MEDIA-SEQUENCE:1',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...segments.flatMap(({ name, durationSeconds }) => [`#EXTINF:${durationSeconds.toFixed(3)},`, name]),
    '#EXT-X-ENDLIST',
  ]);
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
