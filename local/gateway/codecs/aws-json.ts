import { AwsError } from '../aws-error.ts';
import type { Codec } from '../service.ts';
import { parseJsonObject, readBody, wireJson } from './read-body.ts';

export interface AwsJsonOptions {
  /** What stands before the dot in `X-Amz-Target`. */
  readonly targetPrefix: string;
  readonly version: '1.0' | '1.1';
}

/** The protocols awsJson1_0 and awsJson1_1: one path, the operation in a header, JSON both ways. */
export function awsJson({ targetPrefix, version }: AwsJsonOptions): Codec {
  const contentType = `application/x-amz-json-${version}`;
  return {
    async decode(request) {
      const target = String(request.headers['x-amz-target'] ?? '');
      const [prefix, operation] = target.split('.', 2);
      if (prefix !== targetPrefix || operation === undefined) {
        throw new AwsError('UnknownOperationException', `X-Amz-Target is "${target}"; it must be ${targetPrefix}.<operation>`);
      }
      return { operation, input: parseJsonObject(await readBody(request)) };
    },
    encode(response, _decoded, output) {
      response.writeHead(200, { 'content-type': contentType });
      response.end(wireJson(output));
    },
    encodeError(response, _decoded, error, requestId) {
      response.writeHead(error.status, {
        'content-type': contentType,
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
        // SQS clients in query-compatible mode read the error's code from here.
        'x-amzn-query-error': `${error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}`,
      });
      response.end(wireJson({ __type: error.code, message: error.message, ...error.details }));
    },
  };
}
