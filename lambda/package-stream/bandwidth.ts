/** A segment's length in time and in bytes. */
export interface MeasuredSegment {
  readonly durationSeconds: number;
  readonly sizeBytes: number;
}

/** What a rendition needs of the network, in bits a second. */
export interface Bandwidth {
  readonly peak: number;
  readonly average: number;
}

/**
 * Measures a rendition. The peak is that of RFC 8216: the largest bit rate of any run of neighbouring segments that lasts
 * between half and one and a half target durations; and that of each single segment, so that a short last one counts too.
 */
export function measureBandwidth(segments: readonly MeasuredSegment[], targetDurationSeconds: number): Bandwidth {
  const rates = segments.flatMap((_, first) => {
    const rate = segments[first] === undefined ? 0 : bitRate([segments[first]]);
    return [rate, ...runsFrom(segments, first, targetDurationSeconds).map(bitRate)];
  });
  return { peak: Math.ceil(Math.max(0, ...rates)), average: Math.ceil(bitRate(segments)) };
}

function runsFrom(
  segments: readonly MeasuredSegment[],
  first: number,
  targetDurationSeconds: number,
): readonly (readonly MeasuredSegment[])[] {
  const runs: (readonly MeasuredSegment[])[] = [];
  let seconds = 0;
  for (let last = first; last < segments.length; last += 1) {
    seconds += segments[last]?.durationSeconds ?? 0;
    if (seconds > 1.5 * targetDurationSeconds) break;
    if (seconds >= 0.5 * targetDurationSeconds) runs.push(segments.slice(first, last + 1));
  }
  return runs;
}

function bitRate(segments: readonly MeasuredSegment[]): number {
  const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return seconds > 0 ? (8 * bytes) / seconds : 0;
}
