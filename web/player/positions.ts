// The first and last seconds are no place to come back to.
const EDGE_SECONDS = 15;

const keyOf = (id: string) => `pulpit.position.${id}`;

/** Remembers, in this browser, where a listener was. */
export function keepPosition(id: string, seconds: number, durationSeconds: number): void {
  if (seconds < EDGE_SECONDS) return;
  if (durationSeconds > 0 && durationSeconds - seconds < EDGE_SECONDS) return forgetPosition(id);
  guarded(() => localStorage.setItem(keyOf(id), seconds.toFixed(1)));
}

/** Where the listener was, in seconds. */
export function keptPosition(id: string): number | undefined {
  const kept = guarded(() => localStorage.getItem(keyOf(id)));
  const seconds = Number(kept ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

export function forgetPosition(id: string): void {
  guarded(() => localStorage.removeItem(keyOf(id)));
}

/** A browser may refuse storage (private windows, full disks): then nothing is remembered. */
function guarded<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
