/** A segment as a playlist names it. */
export interface ListedSegment {
  readonly name: string;
  readonly durationSeconds: number;
  readonly sizeBytes: number;
}

/** A rendition as the multivariant playlist names it. */
export interface Variant {
  readonly playlist: string;
  readonly segments: readonly ListedSegment[];
}

// AAC-LC in RFC 6381's words.
const AAC_LC = 'mp4a.40.2';

/** The playlist of one rendition, complete and ended. */
export function mediaPlaylist(segments: readonly ListedSegment[], { wholeSeconds = false } = {}): string {
  const duration = ({ durationSeconds }: ListedSegment): string =>
    wholeSeconds ? String(Math.round(durationSeconds)) : durationSeconds.toFixed(6);
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:4',
    // RFC 8216: each duration, rounded, is at most this.
    `#EXT-X-TARGETDURATION:${Math.max(1, ...segments.map((segment) => Math.round(segment.durationSeconds)))}`,
    '#EXT-X-MEDIA-SEQUENCE:1',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...segments.flatMap((segment) => [`#EXTINF:${duration(segment)},`, segment.name]),
    '#EXT-X-ENDLIST',
  ]);
}

/** The playlist that names all renditions, in the order of the job's outputs. */
export function multivariantPlaylist(variants: readonly Variant[]): string {
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:4',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...variants.flatMap(({ playlist, segments }) => {
      const { peak, average } = bandwidth(segments);
      return [`#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${AAC_LC}"`, playlist];
    }),
  ]);
}

/** Bits a second of the busiest segment and of all together, both rounded up. */
export function bandwidth(segments: readonly ListedSegment[]): { readonly peak: number; readonly average: number } {
  const bits = segments.map(({ sizeBytes, durationSeconds }) => (8 * sizeBytes) / durationSeconds);
  const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { peak: Math.ceil(Math.max(0, ...bits)), average: seconds === 0 ? 0 : Math.ceil((8 * bytes) / seconds) };
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
