import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync, type ReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Bytes under random ids, one file each. An id says nothing about what is stored under it, so no object key can
 * reach outside the folder or clash with another.
 */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** The file of a blob, for programs that must be given a path. */
  path(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }

  /** Stores a stream and returns its id once the bytes and the file's name are on disk. Nothing is kept when the stream fails. */
  async write(source: Readable): Promise<{ readonly id: string; readonly sizeBytes: number }> {
    const id = randomUUID();
    const folder = join(this.#folder, id.slice(0, 2));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const unfinished = `${this.path(id)}.part`;
    try {
      const sink = createWriteStream(unfinished, { mode: 0o600, flush: true });
      await pipeline(source, sink);
      await rename(unfinished, this.path(id));
      await syncFolder(folder);
      return { id, sizeBytes: sink.bytesWritten };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** Reads bytes `start` to `end`, both included, as HTTP ranges count. */
  read(id: string, range: { readonly start?: number; readonly end?: number } = {}): ReadStream {
    return createReadStream(this.path(id), range);
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  /** Removes what a crash left behind: unfinished files and blobs that `isKnown` does not know. Only safe before anything writes. */
  sweep(isKnown: (id: string) => boolean): void {
    for (const prefix of readdirSync(this.#folder)) {
      for (const name of readdirSync(join(this.#folder, prefix))) {
        if (!isKnown(name)) rmSync(join(this.#folder, prefix, name), { force: true });
      }
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
