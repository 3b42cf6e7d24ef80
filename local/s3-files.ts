import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cloud } from './cloud.ts';
import type { Members, Principal } from './gateway/service.ts';

/** Where an object lies. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Reads `s3://bucket/key`; undefined for anything else. */
export function parseS3Url(url: string): ObjectAddress | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/**
 * Copies an object into a file, with the reader's permissions; gives what S3 says of the object.
 * @throws AwsError as GetObject does
 */
export async function downloadObject(
  cloud: Cloud,
  reader: Principal,
  { bucket, key }: ObjectAddress,
  file: string,
  signal?: AbortSignal,
): Promise<Members> {
  const object = await cloud.call(reader, 's3', 'GetObject', { Bucket: bucket, Key: key });
  const body: unknown = object['Body'];
  if (!(body instanceof Readable)) throw new Error(`S3 gave no body for s3://${bucket}/${key}`);
  await pipeline(body, createWriteStream(file), signal === undefined ? {} : { signal });
  return object;
}

/**
 * Puts a file into a bucket, with the writer's permissions.
 * @throws AwsError as PutObject does
 */
export async function uploadFile(
  cloud: Cloud,
  writer: Principal,
  { bucket, key }: ObjectAddress,
  file: string,
  contentType: string,
): Promise<void> {
  // A refused call reads nothing, so nobody but this closes the file.
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const body = handle.createReadStream({ autoClose: false });
    await cloud.call(writer, 's3', 'PutObject', { Bucket: bucket, Key: key, Body: body, ContentLength: size, ContentType: contentType });
  } finally {
    await handle.close();
  }
}
