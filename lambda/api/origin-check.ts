import { createHash, timingSafeEqual } from 'node:crypto';

/** Mismatches ask for the secret again at most this often: enough for a rotation, too seldom for a stranger to run up costs. */
const REREAD_MILLISECONDS = 60_000;

/**
 * Tells requests that came through CloudFront, which adds a secret to each, from those that went around it. The secret is
 * read once and kept; during a rotation its current and its previous value are both good.
 */
export class OriginCheck {
  readonly #read: () => Promise<readonly string[]>;
  readonly #now: () => number;
  #values: Promise<readonly string[]> | undefined;
  #readAt = 0;

  /** @param read gives every value that is good now */
  constructor(read: () => Promise<readonly string[]>, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /**
   * Whether `given` is the secret.
   * @throws when the secret cannot be read; the next request tries again
   */
  async accepts(given: string | undefined): Promise<boolean> {
    if (given === undefined) return false;
    if (isOneOf(given, await this.#current())) return true;
    if (this.#now() - this.#readAt < REREAD_MILLISECONDS) return false;
    this.#values = undefined;
    return isOneOf(given, await this.#current());
  }

  async #current(): Promise<readonly string[]> {
    if (this.#values === undefined) {
      this.#readAt = this.#now();
      this.#values = this.#read();
    }
    const values = this.#values;
    try {
      return await values;
    } catch (error) {
      if (this.#values === values) this.#values = undefined;
      throw error;
    }
  }
}

/** Every value is compared, and digests instead of the values, so that the time taken tells neither which matched nor how long it is. */
function isOneOf(given: string, values: readonly string[]): boolean {
  return values.filter((value) => timingSafeEqual(digest(given), digest(value))).length > 0;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
