import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../gateway/aws-error.ts';

/** A request's address taken apart. The path is taken as it was sent: object keys may hold `//` and `../`. */
export interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

/** Takes a path-style URL apart, `/bucket/key?query`. @throws AwsError InvalidURI */
export function addressOf(request: IncomingMessage): Address {
  const url = request.url ?? '/';
  const questionMark = url.indexOf('?');
  const path = questionMark < 0 ? url : url.slice(0, questionMark);
  const query = new URLSearchParams(questionMark < 0 ? '' : url.slice(questionMark + 1));
  const slash = path.indexOf('/', 1);
  try {
    const bucket = decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash));
    const key = slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1));
    return { bucket: bucket === '' ? undefined : bucket, key: key === '' ? undefined : key, query };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/**
 * Parameters that only choose a detail of the operation. Any other, such as `tagging` or `acl`, chooses another operation;
 * an unknown one must never be mistaken for a plain PUT, which would overwrite the object with the document.
 */
const DETAILS =
  /^(x-amz-.*|x-id|versionId|partNumber|uploadId|prefix|delimiter|max-keys|encoding-type|fetch-owner|start-after|continuation-token|max-buckets|response-.*|list-type)$/i;

/** The operation that a request means; a name such as `PUT Object?tagging` for one that there is no name for here. */
export function operationOf(request: IncomingMessage, { bucket, key, query }: Address): string {
  const method = request.method ?? 'GET';
  const selector = [...query.keys()].find((name) => !DETAILS.test(name));
  const level = bucket === undefined ? 'Service' : key === undefined ? 'Bucket' : 'Object';
  const copy = request.headers['x-amz-copy-source'] !== undefined || query.has('x-amz-copy-source');
  const part = query.has('uploadId') ? (query.has('partNumber') ? '+part' : '+upload') : '';
  const list = query.get('list-type') === '2' && selector === undefined ? '+v2' : '';
  const signature = `${method} ${level}${part}${list}${selector === undefined ? '' : `?${selector}`}${copy ? ' copy' : ''}`;
  return OPERATIONS[signature] ?? signature;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  'GET Service': 'ListBuckets',
  'GET Bucket+v2': 'ListObjectsV2',
  'GET Object': 'GetObject',
  'HEAD Object': 'HeadObject',
  'PUT Object': 'PutObject',
  'PUT Object copy': 'CopyObject',
  'DELETE Object': 'DeleteObject',
  'POST Object?uploads': 'CreateMultipartUpload',
  'PUT Object+part': 'UploadPart',
  'POST Object+upload': 'CompleteMultipartUpload',
  'DELETE Object+upload': 'AbortMultipartUpload',
};
