import { randomBytes } from 'node:crypto';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Operation, Principal } from '../../gateway/service.ts';
import type { Bucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { storeBody, writeWithBody } from '../object-body.ts';
import { publishCreated, type CreationReason } from '../object-events.ts';
import { NULL_VERSION, type Attributes, type ObjectVersion, type Piece } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, newKey, quoted, text } from '../s3-input.ts';

// S3's limit on one PUT.
const LARGEST_PUT_BYTES = 5 * 1024 ** 3;

const ATTRIBUTES = [
  'ContentType',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
  'Metadata',
  'ChecksumCRC32',
  'ChecksumSHA1',
  'ChecksumSHA256',
];

/** PutObject. */
export function putObject(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:PutObject', resource: arnOf(input['Bucket'], input['Key']) }],
    async run(input, caller) {
      const bucket = context.buckets.get(text(input, 'Bucket'));
      const key = newKey(input);
      if (Number(input['ContentLength'] ?? 0) > LARGEST_PUT_BYTES) {
        throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
      }
      // Asked before the body as well, so that a refused upload of gigabytes is not stored first.
      checkWriteConditions(input, context.objects.latest(bucket.name, key));
      const body = await storeBody(context, input['Body']);
      const version = writeWithBody(context, body, () => {
        checkWriteConditions(input, context.objects.latest(bucket.name, key));
        return insertObject(
          context,
          { bucket, key, etag: body.md5, attributes: attributesOf(input), pieces: [body.piece] },
          'PutObject',
          caller,
        );
      });
      return { ETag: quoted(version.etag), ...versionIdOf(version), ...checksumsOf(version) };
    },
  };
}

/** What makes an object, besides its name. */
export interface NewObject {
  readonly bucket: Bucket;
  readonly key: string;
  readonly etag: string;
  readonly attributes: Attributes;
  readonly pieces: readonly Piece[];
}

/** Writes an object and raises its event; must be called inside `store.write`. */
export function insertObject(context: S3Context, object: NewObject, reason: CreationReason, caller: Principal): ObjectVersion {
  const { bucket, key, etag, attributes, pieces } = object;
  const versionId = bucket.versioned ? newVersionId() : NULL_VERSION;
  const version = context.objects.insert({ bucket: bucket.name, key, versionId, isDeleteMarker: false, etag, attributes }, pieces);
  publishCreated(context, bucket, version, reason, caller);
  return version;
}

/** An id as S3's look: 32 characters without meaning. */
export function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}

/** The members of a request that are kept with the object. */
export function attributesOf(input: Members): Attributes {
  return Object.fromEntries(ATTRIBUTES.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name] as unknown]])));
}

/** `VersionId` where the bucket is versioned. */
export function versionIdOf(version: ObjectVersion): Members {
  return version.versionId === NULL_VERSION ? {} : { VersionId: version.versionId };
}

/** The checksums that were verified when the object was stored. */
export function checksumsOf(version: ObjectVersion): Members {
  const checksums = Object.entries(version.attributes).filter(([name]) => name.startsWith('Checksum'));
  return checksums.length === 0 ? {} : { ...Object.fromEntries(checksums), ChecksumType: 'FULL_OBJECT' };
}
