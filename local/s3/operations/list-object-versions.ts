import type { Members, Operation } from '../../gateway/service.ts';
import type { ObjectVersion } from '../object-table.ts';
import type { S3Context } from '../s3-context.ts';
import { compareKeys, limit, optionalText, quoted, text } from '../s3-input.ts';
import { commonPrefixOf, keyEncoder, listPermission } from './list-objects-v2.ts';

const LARGEST_PAGE = 1000;

/** ListObjectVersions: versions and delete markers, newest first within a key. */
export function listObjectVersions(context: S3Context): Operation {
  return {
    permissions: (input) => [listPermission('s3:ListBucketVersions', input)],
    run(input) {
      const bucket = context.buckets.get(text(input, 'Bucket')).name;
      const prefix = optionalText(input, 'Prefix') ?? '';
      const delimiter = optionalText(input, 'Delimiter');
      const maxKeys = limit(input, 'MaxKeys', LARGEST_PAGE);
      const encode = keyEncoder(input);
      const entries = entriesAfterMarker(context, bucket, prefix, input);
      const prefixes = new Set<string>();
      const versions: ObjectVersion[] = [];
      let last: ObjectVersion | undefined;
      let truncated = false;
      for (const version of entries) {
        const common = commonPrefixOf(version.key, prefix, delimiter);
        const isNew = common === undefined || !prefixes.has(common);
        if (isNew && versions.length + prefixes.size >= maxKeys) {
          truncated = true;
          break;
        }
        if (common === undefined) versions.push(version);
        else prefixes.add(common);
        last = version;
      }
      return {
        Name: bucket,
        Prefix: encode(prefix),
        MaxKeys: maxKeys,
        ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
        ...(input['EncodingType'] === undefined ? {} : { EncodingType: input['EncodingType'] as unknown }),
        IsTruncated: truncated,
        ...(truncated && last !== undefined ? { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.versionId } : {}),
        Versions: versions
          .filter((version) => !version.isDeleteMarker)
          .map((version) => ({
            ...describe(version, encode),
            ETag: quoted(version.etag),
            Size: version.sizeBytes,
            StorageClass: 'STANDARD',
          })),
        DeleteMarkers: versions.filter((version) => version.isDeleteMarker).map((version) => describe(version, encode)),
        CommonPrefixes: [...prefixes].map((common) => ({ Prefix: encode(common) })),
      };
    },
  };
}

function* entriesAfterMarker(context: S3Context, bucket: string, prefix: string, input: Members): Generator<ObjectVersion> {
  const keyMarker = optionalText(input, 'KeyMarker');
  const versionMarker = optionalText(input, 'VersionIdMarker');
  const marker =
    keyMarker === undefined || versionMarker === undefined ? undefined : context.objects.version(bucket, keyMarker, versionMarker);
  const from = keyMarker !== undefined && compareKeys(keyMarker, prefix) > 0 ? keyMarker : prefix;
  for (const version of context.objects.listVersions(bucket, from)) {
    if (!version.key.startsWith(prefix)) return;
    if (version.key === keyMarker && (marker === undefined || version.sequence >= marker.sequence)) continue;
    yield version;
  }
}

function describe(version: ObjectVersion, encode: (key: string) => string): Members {
  return { Key: encode(version.key), VersionId: version.versionId, IsLatest: version.isLatest, LastModified: version.modified };
}
