/** A segment as a media playlist names it; `uri` is relative to the playlist. */
export interface Segment {
  readonly uri: string;
  readonly durationSeconds: number;
}

/** A rendition's playlist. */
export interface MediaPlaylist {
  readonly targetDurationSeconds: number;
  readonly segments: readonly Segment[];
}

/** Reads a rendition's playlist. @throws Error when it is none, or not complete */
export function parseMediaPlaylist(text: string): MediaPlaylist {
  const lines = linesOf(text);
  const target = /^#EXT-X-TARGETDURATION:(\d+)/m.exec(text)?.[1];
  if (target === undefined || !lines.includes('#EXT-X-ENDLIST'))
    throw new Error('expected a complete media playlist; transcode the sermon again');
  const segments: Segment[] = [];
  let durationSeconds: number | undefined;
  for (const line of lines) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (duration !== undefined) durationSeconds = Number(duration);
    if (line.startsWith('#') || durationSeconds === undefined) continue;
    segments.push({ uri: line, durationSeconds });
    durationSeconds = undefined;
  }
  return { targetDurationSeconds: Number(target), segments };
}

/** The playlists that a multivariant playlist names, in its order. */
export function variantUris(text: string): readonly string[] {
  const lines = linesOf(text);
  return lines.filter((line, index) => !line.startsWith('#') && lines[index - 1]?.startsWith('#EXT-X-STREAM-INF:'));
}

/** How long a rendition plays. */
export const playlistSeconds = ({ segments }: Pick<MediaPlaylist, 'segments'>): number =>
  segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
