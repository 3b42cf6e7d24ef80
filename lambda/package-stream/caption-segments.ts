/** A cue with its text as it stands in the file, identifier left out. */
export interface TimedCue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The timing line and the text. */
  readonly block: string;
}

/** A segment of the captions. */
export interface CaptionSegment {
  readonly name: string;
  readonly durationSeconds: number;
  readonly text: string;
}

/** Long enough that four hours are 240 small files, short enough that a player has the first at once. */
const SEGMENT_SECONDS = 60;

/**
 * Cuts captions into segments. A cue that lasts over a border stands in both, as RFC 8216 asks, and players show it once.
 * @param firstTimestamp MPEG timestamp (90,000 a second) of the audio's first sample: players count from there
 */
export function captionSegments(webVtt: string, durationSeconds: number, firstTimestamp: bigint): readonly CaptionSegment[] {
  const cues = parseCues(webVtt);
  const count = Math.max(1, Math.ceil(durationSeconds / SEGMENT_SECONDS));
  const head = `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${firstTimestamp},LOCAL:00:00:00.000\n`;
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [index * SEGMENT_SECONDS, Math.min((index + 1) * SEGMENT_SECONDS, durationSeconds)];
    const last = index === count - 1;
    const blocks = cues.filter((cue) => (last || cue.startSeconds < end) && cue.endSeconds > start).map(({ block }) => `\n${block}\n`);
    return { name: `captions_${String(index + 1).padStart(5, '0')}.vtt`, durationSeconds: end - start, text: head + blocks.join('') };
  });
}

/** Reads a WebVTT file's cues; notes, styles and regions have no place in segments. */
export function parseCues(webVtt: string): readonly TimedCue[] {
  return webVtt
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .flatMap((paragraph) => {
      const lines = paragraph.split('\n').filter((line) => line !== '');
      const timing = lines.findIndex((line) => line.includes('-->'));
      const [from, to] = (lines[timing] ?? '').split('-->').map(secondsOf);
      if (timing < 0 || from === undefined || to === undefined) return [];
      return [{ startSeconds: from, endSeconds: to, block: lines.slice(timing).join('\n') }];
    });
}

function secondsOf(timestamp: string): number | undefined {
  const [, hours = '0', minutes, seconds] = /(?:(\d+):)?(\d{2}):(\d{2}\.\d{3})/.exec(timestamp) ?? [];
  return minutes === undefined || seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
