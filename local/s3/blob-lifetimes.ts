import type { Blobs } from '../store/blobs.ts';

/** Keeps a blob's file while somebody reads it, even if its object was replaced meanwhile. */
export class BlobLifetimes {
  readonly #blobs: Blobs;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Holds the blobs until the returned function is called (once). */
  hold(blobs: readonly string[]): () => void {
    for (const blob of blobs) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return () => {
      for (const blob of blobs) this.#letGo(blob);
    };
  }

  /** Removes a blob, now or when its last reader is done. What a crash leaves behind is swept at the next start. */
  remove(blob: string): void {
    if (this.#readers.has(blob)) this.#doomed.add(blob);
    else void this.#blobs.remove(blob).catch(() => undefined);
  }

  #letGo(blob: string): void {
    const readers = (this.#readers.get(blob) ?? 0) - 1;
    if (readers > 0) {
      this.#readers.set(blob, readers);
      return;
    }
    this.#readers.delete(blob);
    if (this.#doomed.delete(blob)) this.remove(blob);
  }
}
