import type { Retrier } from '../definition/state-machine.ts';
import type { Failure } from '../state-failure.ts';

/** Whether an ErrorEquals takes a failure. Nothing takes States.Runtime: the definition itself is at fault. */
export function takes(errorEquals: readonly string[], { error, alsoKnownAs }: Failure): boolean {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return true;
    if (error !== undefined && (name === error || name === alsoKnownAs)) return true;
    return name === 'States.TaskFailed' && error !== 'States.Timeout';
  });
}

/** How long to wait before the next attempt, in milliseconds, after `used` earlier retries by this retrier. */
export function delayMs(
  { intervalSeconds, backoffRate, maxDelaySeconds, jitter }: Retrier,
  used: number,
  random: () => number = Math.random,
): number {
  const seconds = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return Math.round(seconds * 1000 * (jitter === 'FULL' ? random() : 1));
}
