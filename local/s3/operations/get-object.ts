import type { Members, Operation } from '../../gateway/service.ts';
import { parseRange, type ByteRange } from '../byte-range.ts';
import { checkReadConditions } from '../conditions.ts';
import { readPieces } from '../object-body.ts';
import type { ObjectVersion } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { optionalText, quoted } from '../s3-input.ts';
import { findObject, readPermission } from './find-object.ts';
import { checksumsOf, versionIdOf } from './put-object.ts';

// What S3 says of an object that was stored without a type.
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** GetObject: `Body` streams from disk. */
export function getObject(context: S3Context): Operation {
  return {
    permissions: (input) => [readPermission(input)],
    run(input, caller) {
      const version = findObject(context, input, caller);
      checkReadConditions(input, version);
      const range = parseRange(optionalText(input, 'Range'), version.sizeBytes);
      return { ...describe(input, version, range), Body: readPieces(context, context.objects.pieces(version.sequence), range) };
    },
  };
}

/** HeadObject: what GetObject would say, without the body. */
export function headObject(context: S3Context): Operation {
  return {
    permissions: (input) => [readPermission(input)],
    run(input, caller) {
      const version = findObject(context, input, caller);
      checkReadConditions(input, version);
      return describe(input, version, parseRange(optionalText(input, 'Range'), version.sizeBytes));
    },
  };
}

function describe(input: Members, version: ObjectVersion, range: ByteRange | undefined): Members {
  const { Expires, ...attributes } = Object.fromEntries(
    Object.entries(version.attributes).filter(([name]) => !name.startsWith('Checksum')),
  );
  return {
    ContentType: DEFAULT_CONTENT_TYPE,
    ...attributes,
    ...(Expires === undefined ? {} : { ExpiresString: Expires }),
    ...overrides(input),
    AcceptRanges: 'bytes',
    ContentLength: range === undefined ? version.sizeBytes : range.end - range.start + 1,
    ...(range === undefined ? {} : { ContentRange: `bytes ${range.start}-${range.end}/${version.sizeBytes}` }),
    ETag: quoted(version.etag),
    LastModified: version.modified,
    ...versionIdOf(version),
    // A checksum is of the whole object; a client would compare it with the part it got.
    ...(input['ChecksumMode'] === 'ENABLED' && range === undefined ? checksumsOf(version) : {}),
  };
}

/** `ResponseContentType` and its like replace what was stored. */
function overrides(input: Members): Members {
  const asked = ['ContentType', 'CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'Expires'];
  return Object.fromEntries(
    asked.flatMap((name) => {
      const value = optionalText(input, `Response${name}`);
      return value === undefined ? [] : [[name === 'Expires' ? 'ExpiresString' : name, value]];
    }),
  );
}
