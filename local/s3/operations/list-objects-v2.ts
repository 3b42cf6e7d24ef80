import type { Members, Operation, Permission } from '../../gateway/service.ts';
import type { ObjectVersion } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, compareKeys, limit, optionalText, quoted, text } from '../s3-input.ts';

// S3's page, and how many rows are read at a time where most are folded into common prefixes.
const LARGEST_PAGE = 1000;
const ROWS_AT_ONCE = 200;
// Sorts behind every key that begins with what stands before it.
const BEHIND_PREFIX = '\u{10FFFF}';

/** ListObjectsV2, in order of code points. */
export function listObjectsV2(context: S3Context): Operation {
  return {
    permissions: (input) => [listPermission(input)],
    run(input) {
      const bucket = context.buckets.get(text(input, 'Bucket')).name;
      const prefix = optionalText(input, 'Prefix') ?? '';
      const delimiter = optionalText(input, 'Delimiter');
      const maxKeys = limit(input, 'MaxKeys', LARGEST_PAGE);
      const token = optionalText(input, 'ContinuationToken');
      const startAfter = token === undefined ? optionalText(input, 'StartAfter') : decodeToken(token);
      const page = collect(context, { bucket, prefix, delimiter, maxKeys, startAfter });
      const encode = keyEncoder(input);
      return {
        Name: bucket,
        Prefix: encode(prefix),
        ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
        MaxKeys: maxKeys,
        ...(input['EncodingType'] === undefined ? {} : { EncodingType: input['EncodingType'] as unknown }),
        KeyCount: page.objects.length + page.prefixes.length,
        IsTruncated: page.last !== undefined,
        ...(token === undefined ? {} : { ContinuationToken: token }),
        ...(input['StartAfter'] === undefined ? {} : { StartAfter: encode(String(input['StartAfter'])) }),
        ...(page.last === undefined ? {} : { NextContinuationToken: encodeToken(page.last) }),
        Contents: page.objects.map((version) => describe(version, encode)),
        CommonPrefixes: page.prefixes.map((common) => ({ Prefix: encode(common) })),
      };
    },
  };
}

/** What listing takes, with the condition keys that policies restrict it by. */
function listPermission(input: Members): Permission {
  const context: Record<string, string> = { 's3:prefix': optionalText(input, 'Prefix') ?? '' };
  const delimiter = optionalText(input, 'Delimiter');
  if (delimiter !== undefined) context['s3:delimiter'] = delimiter;
  if (input['MaxKeys'] !== undefined) context['s3:max-keys'] = String(input['MaxKeys']);
  return { action: 's3:ListBucket', resource: arnOf(input['Bucket']), context };
}

/** With `EncodingType: url` keys are written as URLs write them, for those that XML cannot hold. */
function keyEncoder(input: Members): (key: string) => string {
  if (input['EncodingType'] !== 'url') return (key) => key;
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** The part of a key up to the first delimiter behind the prefix: what a listing folds keys into. */
function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  readonly startAfter: string | undefined;
}

interface Page {
  readonly objects: ObjectVersion[];
  readonly prefixes: string[];
  /** Where the next page goes on, if there is more. */
  readonly last: string | undefined;
}

function collect(context: S3Context, { bucket, prefix, delimiter, maxKeys, startAfter }: Listing): Page {
  const objects: ObjectVersion[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  // A page that ended on a common prefix goes on behind everything in it.
  const resumed = startAfter === undefined ? undefined : commonPrefixOf(startAfter, prefix, delimiter);
  let from = startAfter !== undefined && startAfter === resumed ? startAfter + BEHIND_PREFIX : (startAfter ?? prefix);
  let inclusive = startAfter === undefined;
  if (compareKeys(from, prefix) < 0) [from, inclusive] = [prefix, true];
  for (;;) {
    const rows = context.objects.list(bucket, from, inclusive, ROWS_AT_ONCE);
    inclusive = false;
    let jumped = false;
    for (const version of rows) {
      if (!version.key.startsWith(prefix)) return { objects, prefixes, last: undefined };
      if (objects.length + prefixes.length >= maxKeys) return { objects, prefixes, last };
      const common = commonPrefixOf(version.key, prefix, delimiter);
      from = version.key;
      if (common === undefined) objects.push(version);
      else prefixes.push(common);
      last = common ?? version.key;
      if (common !== undefined) {
        from = common + BEHIND_PREFIX;
        jumped = true;
        break;
      }
    }
    if (!jumped && rows.length < ROWS_AT_ONCE) return { objects, prefixes, last: undefined };
  }
}

function describe(version: ObjectVersion, encode: (key: string) => string): Members {
  return {
    Key: encode(version.key),
    LastModified: version.modified,
    ETag: quoted(version.etag),
    Size: version.sizeBytes,
    StorageClass: 'STANDARD',
  };
}

function encodeToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function decodeToken(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}
