// How long a page waits before it asks again whether something is ready: soon at first, then less often.
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15_000;

/** Calls `ask` again and again while it answers true, until `stop`; not while the page is hidden. */
export class Polling {
  readonly #ask: () => Promise<boolean>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_WAIT_MS;

  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  /** Begins with the shortest wait. */
  start(): void {
    this.stop();
    this.#waitMs = FIRST_WAIT_MS;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const timer = setTimeout(() => {
      void this.#once(timer);
    }, this.#waitMs);
    this.#timer = timer;
    this.#waitMs = Math.min(this.#waitMs * 1.5, LONGEST_WAIT_MS);
  }

  async #once(timer: ReturnType<typeof setTimeout>): Promise<void> {
    // A page out of sight waits until it is looked at; a passing failure to ask is asked again.
    const goOn = document.hidden || (await this.#ask().catch(() => true));
    if (goOn && this.#timer === timer) this.#schedule();
  }
}
