/** Transcribe takes at most 200 characters of this set. */
const LONGEST_NAME = 200;
const ROOM_FOR_ATTEMPT = 4;

/**
 * A job's name, computed from its run, so that asking twice cannot pay twice. Transcribe keeps the names of failed jobs
 * too, so a later attempt gets `-1`, `-2` and so on.
 */
export function jobNameFor(executionName: string, attempt: number): string {
  const name = executionName.replaceAll(/[^0-9A-Za-z._-]+/g, '-').slice(0, LONGEST_NAME - ROOM_FOR_ATTEMPT);
  return attempt === 0 ? name : `${name}-${attempt}`;
}
