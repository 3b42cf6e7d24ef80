import { availableParallelism } from 'node:os';

/** Lets only so many programs run at once, however many jobs there are: first come, first served. */
export class ProcessLimit {
  /** How many may run at once. */
  readonly size: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param size at least 1. @default the machine's processors, because every program here is bound by one */
  constructor(size = availableParallelism()) {
    if (size < 1) throw new Error(`a process limit must be at least 1, got ${size}`);
    this.size = size;
    this.#free = size;
  }

  /** Runs `work` as soon as there is room. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
