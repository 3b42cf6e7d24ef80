import { AwsError } from '../gateway/aws-error.ts';
import type { RestRoute } from '../gateway/codecs/rest-json.ts';
import type { Members, Operation } from '../gateway/service.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import { parseFunctionName, type FunctionService } from './function-service.ts';

// Lambda's limits for an event: 6 MB when the caller waits, 1 MB when it does not.
const LARGEST_PAYLOAD_BYTES = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;

/** How Invoke looks over HTTP: parameters in headers, the payload as the body. */
export const invokeRoute: RestRoute = {
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/invocations',
  operation: 'Invoke',
  decode: ({ path, query, headers, body }) => ({
    FunctionName: path['FunctionName'],
    Qualifier: query.get('Qualifier') ?? undefined,
    InvocationType: headers['x-amz-invocation-type'],
    TraceHeader: headers['x-amzn-trace-id'],
    Payload: body.toString(),
  }),
  encode: (output) => ({
    status: Number(output['StatusCode']),
    headers: {
      'content-type': 'application/json',
      ...(output['ExecutedVersion'] !== undefined && { 'x-amz-executed-version': String(output['ExecutedVersion']) }),
      ...(output['FunctionError'] !== undefined && { 'x-amz-function-error': String(output['FunctionError']) }),
    },
    body: String(output['Payload'] ?? ''),
  }),
};

/** Invoke: waits for the answer, or with `InvocationType` Event only for the event to be kept. */
export function invoke(
  functions: FunctionService,
  asyncInvocations: AsyncInvocations,
  place: { readonly region: string; readonly accountId: string },
): Operation {
  return {
    permissions: (input) => {
      const { name, qualifier = input['Qualifier'] } = parseFunctionName(String(input['FunctionName']));
      const arn = `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;
      return [{ action: 'lambda:InvokeFunction', resource: qualifier === undefined ? arn : `${arn}:${String(qualifier)}` }];
    },
    run: async (input) => {
      const type = invocationType(input);
      const payload = payloadOf(input, LARGEST_PAYLOAD_BYTES[type]);
      const qualifier = input['Qualifier'] === undefined ? '' : `:${String(input['Qualifier'])}`;
      const lambda = functions.find(`${String(input['FunctionName'])}${qualifier}`);
      if (type === 'DryRun') return { StatusCode: 204 };
      const trace: unknown = input['TraceHeader'];
      const traceHeader = typeof trace === 'string' ? trace : undefined;
      if (type === 'Event') {
        asyncInvocations.add(lambda, payload, traceHeader);
        return { StatusCode: 202, Payload: '' };
      }
      const result = await functions.invoke(lambda, payload, traceHeader);
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: result.payload, ...(result.failed && { FunctionError: 'Unhandled' }) };
    },
  };
}

function invocationType(input: Members): keyof typeof LARGEST_PAYLOAD_BYTES {
  const type: unknown = input['InvocationType'] ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw new AwsError('InvalidParameterValueException', `InvocationType must be RequestResponse, Event or DryRun, got ${String(type)}`);
}

function payloadOf(input: Members, largestBytes: number): string {
  const given: unknown = input['Payload'];
  const text = given instanceof Uint8Array ? Buffer.from(given).toString() : given;
  if (text === undefined || text === '') return '{}';
  if (typeof text !== 'string') throw new AwsError('InvalidRequestContentException', 'Payload must be JSON text or its bytes');
  if (Buffer.byteLength(text) > largestBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${largestBytes} bytes for the InvokeFunction operation`,
      413,
    );
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
  return text;
}
