import { Readable } from 'node:stream';
import type { Cloud } from '../../cloud.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Principal } from '../../gateway/service.ts';
import type { EdgeHeaders, EdgeResponse, Origin } from '../edge-message.ts';

const CLOUDFRONT: Principal = { kind: 'service', name: 'cloudfront.amazonaws.com' };

/** A bucket behind origin access control: read as the CloudFront service, so the bucket's policy decides. */
export function s3Origin(cloud: Cloud, bucket: string, originPath: string): Origin {
  return async ({ method, path, headers }) => {
    const key = objectKey(originPath, path);
    if (key === undefined || !['GET', 'HEAD'].includes(method)) return s3Error(403, 'AccessDenied', 'Access Denied');
    const input = { Bucket: bucket, Key: key, ...(headers['range'] === undefined ? {} : { Range: headers['range'] }) };
    try {
      const object = await cloud.call(CLOUDFRONT, 's3', method === 'HEAD' ? 'HeadObject' : 'GetObject', input);
      return {
        status: object['ContentRange'] === undefined ? 200 : 206,
        headers: objectHeaders(object),
        body: object['Body'] instanceof Readable ? object['Body'] : Buffer.from(object['Body'] ?? ''),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // Whoever may not list a bucket is not told that a key is missing; the template lets CloudFront read, not list.
      if (['NoSuchKey', 'NotFound'].includes(error.code)) return s3Error(403, 'AccessDenied', 'Access Denied');
      return s3Error(error.status, error.code, error.message);
    }
  };
}

function objectKey(originPath: string, path: string): string | undefined {
  try {
    return decodeURIComponent(`${originPath}${path}`).replace(/^\//, '');
  } catch {
    // A lone percent sign is no key.
    return undefined;
  }
}

function objectHeaders(object: Members): EdgeHeaders {
  const headers: EdgeHeaders = { 'accept-ranges': 'bytes', server: 'AmazonS3' };
  const copy = (name: string, value: unknown) => {
    if (typeof value === 'string' || typeof value === 'number') headers[name] = String(value);
  };
  copy('content-type', object['ContentType'] ?? 'binary/octet-stream');
  copy('content-length', object['ContentLength']);
  copy('content-range', object['ContentRange']);
  copy('content-encoding', object['ContentEncoding']);
  copy('content-disposition', object['ContentDisposition']);
  copy('content-language', object['ContentLanguage']);
  copy('cache-control', object['CacheControl']);
  copy('expires', object['ExpiresString']);
  copy('etag', object['ETag']);
  copy('x-amz-version-id', object['VersionId']);
  if (object['LastModified'] instanceof Date) headers['last-modified'] = object['LastModified'].toUTCString();
  for (const [name, value] of Object.entries(object['Metadata'] ?? {})) copy(`x-amz-meta-${name.toLowerCase()}`, value);
  return headers;
}

function s3Error(status: number, code: string, message: string): EdgeResponse {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`,
  );
  return { status, headers: { 'content-type': 'application/xml', 'content-length': String(body.byteLength), server: 'AmazonS3' }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
