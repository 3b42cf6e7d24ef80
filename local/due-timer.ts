// setTimeout counts milliseconds in 32 bits; a longer wait is taken in legs.
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * One timer for many things that fall due: it asks for the earliest due time and sleeps until then, so nothing polls.
 * Call `reset` whenever the earliest due time may have changed.
 */
export class DueTimer {
  readonly #nextDue: () => number | undefined;
  readonly #onDue: () => void;
  #timeout: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `nextDue` gives epoch milliseconds, or undefined when nothing waits; `onDue` handles everything that is due now. */
  constructor(nextDue: () => number | undefined, onDue: () => void) {
    this.#nextDue = nextDue;
    this.#onDue = onDue;
  }

  reset(): void {
    clearTimeout(this.#timeout);
    if (this.#stopped) return;
    const due = this.#nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(0, due - Date.now()), LONGEST_TIMEOUT_MS);
    this.#timeout = setTimeout(() => {
      if (due <= Date.now()) this.#onDue();
      this.reset();
    }, wait);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timeout);
  }
}
