import { AwsError } from '../gateway/aws-error.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import { readBody } from '../gateway/codecs/read-body.ts';
import type { Codec, DecodedRequest } from '../gateway/service.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';

const json = awsJson({ targetPrefix: 'GraniteServiceVersion20100801', version: '1.0' });
const inCbor = new WeakSet<DecodedRequest>();

/**
 * CloudWatch speaks three protocols: current SDKs and AWS CLIs use rpc-v2-cbor, some awsJson 1.0; both are served. The old
 * query protocol with its XML, which CLIs from before 2025 use, is refused.
 */
export const cloudWatchProtocols: Codec = {
  async decode(request) {
    if (request.headers['smithy-protocol'] !== 'rpc-v2-cbor') {
      if (request.headers['x-amz-target'] !== undefined) return json.decode(request);
      throw new AwsError(
        'InvalidAction',
        'the local cloud does not speak the query protocol of CloudWatch; use an AWS CLI from 2025 or later',
      );
    }
    const operation = /\/operation\/(\w+)$/.exec(request.url ?? '')?.[1] ?? '';
    const body = await readBody(request);
    const input = body.length === 0 ? {} : decodeCbor(body);
    if (typeof input !== 'object' || input === null) throw new AwsError('SerializationException', 'the request body is not a CBOR map');
    const decoded = { operation, input };
    inCbor.add(decoded);
    return decoded;
  },
  encode(response, decoded, output) {
    if (!inCbor.has(decoded)) return json.encode(response, decoded, output);
    response.writeHead(200, { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' });
    response.end(encodeCbor(output));
  },
  encodeError(response, decoded, error, requestId) {
    if (decoded === undefined || !inCbor.has(decoded)) return json.encodeError(response, decoded, error, requestId);
    response.writeHead(error.status, {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
      'x-amzn-query-error': `${error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}`,
    });
    response.end(encodeCbor({ __type: error.code, message: error.message }));
  },
};
