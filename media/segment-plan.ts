/** What decides where a stream is cut. */
export interface SegmentRules {
  readonly segmentSeconds: number;
  /** A last segment shorter than this is joined to the one before it. */
  readonly shortestLastSegmentSeconds: number;
  readonly frameSeconds: number;
}

/** How many frames each segment takes: every cut is at the frame nearest to a multiple of the segment length, so that nothing drifts. */
export function planSegments(
  frames: number,
  { segmentSeconds, shortestLastSegmentSeconds, frameSeconds }: SegmentRules,
): readonly number[] {
  const counts: number[] = [];
  let done = 0;
  for (let index = 1; done < frames; index += 1) {
    const end = Math.min(frames, Math.max(done + 1, Math.round((index * segmentSeconds) / frameSeconds)));
    counts.push(end - done);
    done = end;
  }
  const [last, beforeLast] = [counts.at(-1), counts.at(-2)];
  if (last !== undefined && beforeLast !== undefined && last * frameSeconds < shortestLastSegmentSeconds) {
    counts.splice(-2, 2, beforeLast + last);
  }
  return counts;
}
