import type { EdgeHeaders } from './edge-message.ts';

/** An answer kept at the edge. Times are epoch milliseconds. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: EdgeHeaders;
  readonly body: Buffer;
  readonly keptAt: number;
  readonly freshUntil: number;
}

/** Answers in memory, the least recently used given up first. */
export class EdgeCache {
  readonly #limitBytes: number;
  // A Map keeps insertion order: the first entry is the least recently used.
  readonly #answers = new Map<string, KeptAnswer>();
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The answer under a key while it is fresh. */
  get(key: string, now: number): KeptAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#remove(key, answer);
    if (answer.freshUntil <= now) return undefined;
    this.#add(key, answer);
    return answer;
  }

  set(key: string, answer: KeptAnswer): void {
    const earlier = this.#answers.get(key);
    if (earlier !== undefined) this.#remove(key, earlier);
    this.#add(key, answer);
    for (const [oldest, kept] of this.#answers) {
      if (this.#sizeBytes <= this.#limitBytes) break;
      this.#remove(oldest, kept);
    }
  }

  clear(): void {
    this.#answers.clear();
    this.#sizeBytes = 0;
  }

  #add(key: string, answer: KeptAnswer): void {
    this.#answers.set(key, answer);
    this.#sizeBytes += answer.body.byteLength;
  }

  #remove(key: string, answer: KeptAnswer): void {
    this.#answers.delete(key);
    this.#sizeBytes -= answer.body.byteLength;
  }
}
