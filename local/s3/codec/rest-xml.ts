import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AwsError } from '../../gateway/aws-error.ts';
import { readBody } from '../../gateway/codecs/read-body.ts';
import type { Codec, Members } from '../../gateway/service.ts';
import { readBindings, writeBindings } from './bindings.ts';
import { requestBody } from './request-body.ts';
import { addressOf, operationOf } from './route.ts';
import { parseXml, xmlDocument, xmlError } from './xml.ts';

interface AnswerDocument {
  readonly root: string;
  /** The member whose members stand directly under the root. */
  readonly payload?: string;
  /** Members that stand in headers only. */
  readonly headersOnly?: readonly string[];
}

const DOCUMENTS: Readonly<Record<string, AnswerDocument>> = {
  ListBuckets: { root: 'ListAllMyBucketsResult' },
  ListObjectsV2: { root: 'ListBucketResult' },
  CopyObject: { root: 'CopyObjectResult', payload: 'CopyObjectResult' },
  CreateMultipartUpload: { root: 'InitiateMultipartUploadResult', headersOnly: ['ChecksumAlgorithm'] },
  CompleteMultipartUpload: { root: 'CompleteMultipartUploadResult', headersOnly: ['VersionId'] },
};

// Bodies that are data; the others are documents or nothing.
const STREAMED = new Set(['PutObject', 'UploadPart']);
const WITHOUT_CONTENT = new Set(['DeleteObject', 'AbortMultipartUpload']);

/** S3's protocol: the operation is in method, path and query, members in headers and XML, object bodies are streams. */
export function restXml(addCorsHeaders: (request: IncomingMessage, response: ServerResponse) => void): Codec {
  return {
    async decode(request) {
      const address = addressOf(request);
      const operation = operationOf(request, address);
      const input: Members = {
        ...readBindings(request.headers, address.query),
        ...(address.bucket === undefined ? {} : { Bucket: address.bucket }),
        ...(address.key === undefined ? {} : { Key: address.key }),
      };
      if (STREAMED.has(operation)) input['Body'] = requestBody(request, input);
      else if (operation === 'CompleteMultipartUpload') input['MultipartUpload'] = partsDocument(await readBody(request));
      return { operation, input };
    },
    async encode(response, decoded, output) {
      addCorsHeaders(response.req, response);
      await writeAnswer(response, decoded.operation, output);
    },
    encodeError(response, decoded, error, requestId) {
      addCorsHeaders(response.req, response);
      writeError(response, decoded?.input ?? {}, error, requestId);
    },
  };
}

function partsDocument(body: Buffer): Members {
  return { Parts: parseXml(body, 'CompleteMultipartUpload')['Part'] as unknown };
}

async function writeAnswer(response: ServerResponse, operation: string, output: Members): Promise<void> {
  response.setHeader('x-amz-request-id', String(response.getHeader('x-amzn-requestid') ?? ''));
  const document = DOCUMENTS[operation];
  if (document !== undefined) {
    const { root, payload, headersOnly = [] } = document;
    const shown = payload === undefined ? output : (output[payload] as Members);
    const body = xmlDocument(root, documentMembers(operation, shown, headersOnly));
    const headerMembers = payload === undefined ? pick(output, headersOnly) : { ...output, ETag: undefined };
    response.writeHead(200, { ...writeBindings(headerMembers), 'content-type': 'application/xml' });
    response.end(body);
    return;
  }
  const status = WITHOUT_CONTENT.has(operation) ? 204 : output['ContentRange'] === undefined ? 200 : 206;
  response.writeHead(status, writeBindings(output));
  if (!(output['Body'] instanceof Readable)) {
    response.end();
    return;
  }
  // A listener who goes away in the middle is no error; the pipeline closes the files.
  await pipeline(output['Body'], response).catch(() => undefined);
}

function documentMembers(operation: string, members: Members, headersOnly: readonly string[]): Members {
  if (operation === 'ListBuckets') return { Buckets: { Bucket: members['Buckets'] as unknown } };
  return Object.fromEntries(Object.entries(members).filter(([name]) => !headersOnly.includes(name)));
}

function pick(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(names.map((name) => [name, members[name] as unknown]));
}

function writeError(response: ServerResponse, input: Members, error: AwsError, requestId: string): void {
  const request = response.req;
  // IAM speaks for all services; S3 has a shorter name for it.
  const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
  const { ETag, DeleteMarker, VersionId, ...details } = error.details;
  response.setHeader('x-amz-request-id', requestId);
  const headers = writeBindings({ DeleteMarker, VersionId, ...(typeof ETag === 'string' ? { ETag: `"${ETag}"` } : {}) });
  const send = (): void => {
    if (error.status === 304 || request.method === 'HEAD') {
      response.writeHead(error.status, headers).end();
      return;
    }
    const body = xmlError({ Code: code, Message: error.message, ...resource(input), ...details, RequestId: requestId, HostId: requestId });
    response.writeHead(error.status, { ...headers, 'content-type': 'application/xml' }).end(body);
  };
  // A client that is still sending does not see an answer, so what it sends is read to its end first.
  if (request.complete || request.destroyed) send();
  else request.once('close', send).resume();
}

function resource(input: Members): Members {
  return { BucketName: input['Bucket'] as unknown, Key: input['Key'] as unknown };
}
