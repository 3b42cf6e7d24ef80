import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ShardReader } from '../shared/search/shard-reader.ts';
import { httpStatus, isMissing, type ObjectPlace } from '../shared/stored-objects.ts';

interface OpenShard {
  readonly etag: string;
  readonly reader: ShardReader;
}

/** Keeps the newest full-text shard open: each use asks S3 whether it changed, and downloads it only then. */
export class CachedShard {
  readonly #s3: S3Client;
  readonly #place: ObjectPlace;
  #open: OpenShard | undefined;
  #refreshing: Promise<ShardReader | undefined> | undefined;

  constructor(s3: S3Client, place: ObjectPlace) {
    this.#s3 = s3;
    this.#place = place;
  }

  /** The shard as it is now, or undefined where none was written yet. It stays open until a newer one is asked for. */
  current(): Promise<ShardReader | undefined> {
    // Requests that come at the same time share one question.
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Closes the shard. */
  close(): void {
    this.#open?.reader.close();
    this.#open = undefined;
  }

  async #refresh(): Promise<ShardReader | undefined> {
    const { bucket, key } = this.#place;
    try {
      const { Body, ETag } = await this.#s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(this.#open === undefined ? {} : { IfNoneMatch: this.#open.etag }) }),
      );
      if (!(Body instanceof Readable) || ETag === undefined)
        throw new Error(`s3://${bucket}/${key} came without a body or an ETag; try again`);
      const reader = await openDownload(Body);
      this.close();
      this.#open = { etag: ETag, reader };
      return reader;
    } catch (error) {
      if (httpStatus(error) === 304) return this.#open?.reader;
      if (!isMissing(error)) throw error;
      this.close();
      return undefined;
    }
  }
}

/** Downloads a shard and opens it. The file is unlinked at once: SQLite keeps it until it is closed, and nothing piles up. */
async function openDownload(body: Readable): Promise<ShardReader> {
  const folder = await mkdtemp(join(tmpdir(), 'shard-'));
  try {
    const path = join(folder, 'shard.sqlite');
    await pipeline(body, createWriteStream(path));
    return new ShardReader(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
