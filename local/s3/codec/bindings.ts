import type { IncomingHttpHeaders } from 'node:http';
import type { Members } from '../../gateway/service.ts';

/** Where members stand in a request, one name for all operations: S3's model uses each header and parameter for one member only. */
const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-language': 'ContentLanguage',
  'content-length': 'ContentLength',
  'content-type': 'ContentType',
  expires: 'Expires',
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  range: 'Range',
  'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-metadata-directive': 'MetadataDirective',
};

const REQUEST_DATES: Readonly<Record<string, string>> = {
  'if-modified-since': 'IfModifiedSince',
  'if-unmodified-since': 'IfUnmodifiedSince',
  'x-amz-copy-source-if-modified-since': 'CopySourceIfModifiedSince',
  'x-amz-copy-source-if-unmodified-since': 'CopySourceIfUnmodifiedSince',
};

const QUERY_PARAMETERS: Readonly<Record<string, string>> = {
  'continuation-token': 'ContinuationToken',
  delimiter: 'Delimiter',
  'encoding-type': 'EncodingType',
  'max-keys': 'MaxKeys',
  partNumber: 'PartNumber',
  prefix: 'Prefix',
  'response-cache-control': 'ResponseCacheControl',
  'response-content-disposition': 'ResponseContentDisposition',
  'response-content-encoding': 'ResponseContentEncoding',
  'response-content-language': 'ResponseContentLanguage',
  'response-content-type': 'ResponseContentType',
  'response-expires': 'ResponseExpires',
  'start-after': 'StartAfter',
  uploadId: 'UploadId',
  versionId: 'VersionId',
};

/** Where members of an answer stand in its headers. */
const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  AcceptRanges: 'accept-ranges',
  CacheControl: 'cache-control',
  ChecksumAlgorithm: 'x-amz-checksum-algorithm',
  ChecksumCRC32: 'x-amz-checksum-crc32',
  ChecksumSHA1: 'x-amz-checksum-sha1',
  ChecksumSHA256: 'x-amz-checksum-sha256',
  ChecksumType: 'x-amz-checksum-type',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentLength: 'content-length',
  ContentRange: 'content-range',
  ContentType: 'content-type',
  CopySourceVersionId: 'x-amz-copy-source-version-id',
  DeleteMarker: 'x-amz-delete-marker',
  ETag: 'etag',
  ExpiresString: 'expires',
  LastModified: 'last-modified',
  VersionId: 'x-amz-version-id',
};

const METADATA = 'x-amz-meta-';

/** Members from headers and query. A presigned URL carries `x-amz-…` headers in its query; those count as headers. */
export function readBindings(headers: IncomingHttpHeaders, query: URLSearchParams): Members {
  const members: Members = {};
  const metadata: Record<string, string> = {};
  const read = (name: string, value: string): void => {
    const member = REQUEST_HEADERS[name];
    const dateMember = REQUEST_DATES[name];
    if (member !== undefined) members[member] = value;
    else if (dateMember !== undefined && !Number.isNaN(Date.parse(value))) members[dateMember] = new Date(value);
    else if (name.startsWith(METADATA)) metadata[name.slice(METADATA.length)] = value;
  };
  for (const [name, value] of query) {
    const member = QUERY_PARAMETERS[name];
    if (member === undefined) read(name.toLowerCase(), value);
    else members[member] = value;
  }
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) read(name, String(value));
  const encoding = contentEncoding(headers['content-encoding']);
  if (encoding !== undefined) members['ContentEncoding'] = encoding;
  if (Object.keys(metadata).length > 0) members['Metadata'] = metadata;
  return members;
}

/** The headers of an answer. */
export function writeBindings(output: Members): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, value] of Object.entries(output) as [string, string | number | boolean | Date | undefined][]) {
    const header = RESPONSE_HEADERS[member];
    if (header === undefined || value === undefined) continue;
    headers[header] = value instanceof Date ? value.toUTCString() : String(value);
  }
  for (const [name, value] of Object.entries((output['Metadata'] ?? {}) as Record<string, unknown>)) {
    // Header names have no capitals in S3, whoever stored them.
    headers[`${METADATA}${name.toLowerCase()}`] = headerValue(String(value));
  }
  return headers;
}

/** `aws-chunked` is the wire's, not the object's. */
function contentEncoding(header: string | undefined): string | undefined {
  const encodings = (header ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  return encodings.length === 0 ? undefined : encodings.join(', ');
}

// Node sends header values as Latin-1; S3 writes anything beyond that as an RFC 2047 word.
function headerValue(value: string): string {
  return /^[\u0020-\u007e\u00a0-\u00ff]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}
