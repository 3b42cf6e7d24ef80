import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ServiceBusyError } from '../shared/errors.ts';
import { ShardWriter } from '../shared/search/shard-writer.ts';
import { httpStatus, isMissing, type ObjectPlace } from '../shared/stored-objects.ts';

/** What a change does with the open shard; it may run several times, so it must be repeatable. */
export type ShardChange = (shard: ShardWriter) => Promise<void>;

/** How long and how patiently to try when other runs write the same shard. */
export interface Patience {
  /** What is left of the function's time; another try begins only while there is enough for a whole one. */
  readonly remainingMilliseconds: () => number;
}

/** A conflicted writer waits a random part of this, growing with each conflict, so that writers do not meet again. */
const LONGEST_WAIT_MILLISECONDS = 4000;
/** Enough for a download, a VACUUM and an upload of a shard of some hundred MB. */
const TRY_NEEDS_MILLISECONDS = 30_000;

/**
 * Changes the shard in S3 as one step: it is read with its ETag and written only if the ETag still holds, else the change
 * is applied to the newer shard.
 * @returns how many tries it took
 * @throws ServiceBusyError where other writers were always faster
 */
export async function changeShard(s3: S3Client, place: ObjectPlace, change: ShardChange, patience: Patience): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    if (await tryChange(s3, place, change)) return tries;
    const wait = Math.random() * Math.min(LONGEST_WAIT_MILLISECONDS, 50 * 2 ** tries);
    if (patience.remainingMilliseconds() < wait + TRY_NEEDS_MILLISECONDS) {
      throw new ServiceBusyError(`the full-text shard ${place.key} was changed by other runs during each of ${tries} tries`);
    }
    await delay(wait);
  }
}

async function tryChange(s3: S3Client, place: ObjectPlace, change: ShardChange): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'shard-'));
  try {
    const [before, after] = [join(folder, 'before.sqlite'), join(folder, 'after.sqlite')];
    const etag = await download(s3, place, before);
    const shard = new ShardWriter(before);
    try {
      await change(shard);
      shard.snapshot(after);
    } finally {
      shard.close();
    }
    return await upload(s3, place, after, etag);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the ETag, or undefined where there is no shard yet. */
async function download(s3: S3Client, { bucket, key }: ObjectPlace, path: string): Promise<string | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(Body instanceof Readable) || ETag === undefined)
      throw new Error(`s3://${bucket}/${key} came without a body or an ETag; try again`);
    await pipeline(Body, createWriteStream(path));
    return ETag;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** False where another run wrote the shard in the meantime. */
async function upload(s3: S3Client, { bucket, key }: ObjectPlace, path: string, etag: string | undefined): Promise<boolean> {
  const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
  // Not a stream: the SDK cannot send a stream again when S3 asks it to slow down. A thousand sermons are about 100 MB.
  const body = await readFile(path);
  try {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/vnd.sqlite3', ...condition }));
    return true;
  } catch (error) {
    const status = httpStatus(error);
    // 412: the condition does not hold. 409: another conditional write is in progress. 404: the shard was deleted.
    if (status === 412 || status === 409 || (status === 404 && etag !== undefined)) return false;
    throw error;
  }
}
