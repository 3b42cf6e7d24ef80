import { GetObjectCommand, NoSuchKey, NotFound, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** An object's place in S3. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** How an object is handed out again. */
export interface ObjectHeaders {
  readonly contentType: string;
  /** Cache-Control for listeners; leave out for what only a run reads. */
  readonly cacheControl?: string;
}

/** Cache-Control of what lies under a run's own prefix: a new run writes under a new one, so this never changes. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Reads a text object. @throws the S3 error where it is missing. */
export async function readText(s3: S3Client, { bucket, key }: ObjectPlace): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`s3://${bucket}/${key} came without a body; try again`);
  return Body.transformToString('utf-8');
}

/** Reads a text object, or undefined where there is none. */
export async function readTextIfThere(s3: S3Client, place: ObjectPlace): Promise<string | undefined> {
  try {
    return await readText(s3, place);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a text object. */
export async function writeText(
  s3: S3Client,
  { bucket, key }: ObjectPlace,
  text: string,
  { contentType, cacheControl }: ObjectHeaders,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: text,
      ContentType: contentType,
      ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    }),
  );
}

/** Writes a value as JSON. */
export async function writeJson(s3: S3Client, place: ObjectPlace, value: unknown, cacheControl?: string): Promise<void> {
  await writeText(s3, place, JSON.stringify(value), {
    contentType: 'application/json',
    ...(cacheControl === undefined ? {} : { cacheControl }),
  });
}

/** Whether S3 said that the object does not exist. Without s3:ListBucket it says 403 instead, and this is false. */
export const isMissing = (error: unknown): boolean => error instanceof NoSuchKey || error instanceof NotFound || httpStatus(error) === 404;

/** The HTTP status of an S3 error: 304 and 412 have no error class of their own. */
export const httpStatus = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
