import { isObject, type Json, type JsonObject } from '../json.ts';
import { withMetadata, type ServiceAction } from './service-call.ts';
import { versionOneSuffix } from './service-errors.ts';
import type { TaskOutcome } from './task-runner.ts';

/** lambda:invoke: the payload as JSON both ways, and a function's error under its own name. */
export const lambdaAction: ServiceAction = {
  signingName: 'lambda',
  operation: 'Invoke',
  errors: {
    service: 'Lambda',
    unmodelled: 'AWSLambdaException',
    modelled:
      /^(ResourceNotFound|TooManyRequests|Service|InvalidParameterValue|RequestTooLarge|InvalidRequestContent|ResourceNotReady|ResourceConflict|UnsupportedMediaType)$/,
    causeSuffix: versionOneSuffix('AWSLambda'),
  },
  input: ({ Payload, ...rest }) => ({ ...rest, ...(Payload !== undefined && { Payload: JSON.stringify(Payload) }) }),
  outcome: invoked,
};

/** The task of a function's own ARN: its result is what the function returns. */
export function functionAction(arn: string): ServiceAction {
  return {
    ...lambdaAction,
    input: (_parameters, { arguments: payload }) => ({ FunctionName: arn, Payload: JSON.stringify(payload) }),
    outcome: (answer) => functionError(answer) ?? { kind: 'succeeded', output: payloadOf(answer) },
  };
}

function invoked(answer: Json): TaskOutcome {
  const failed = functionError(answer);
  if (failed !== undefined) return failed;
  const rest: JsonObject = isObject(answer) ? answer : {};
  return withMetadata({ ExecutedVersion: '$LATEST', ...rest, Payload: payloadOf(answer) });
}

/** Error is the type that the function threw, Cause its whole answer. */
function functionError(answer: Json): TaskOutcome | undefined {
  if (!isObject(answer) || answer['FunctionError'] === undefined) return undefined;
  const thrown = payloadOf(answer);
  const type = isObject(thrown) ? thrown['errorType'] : undefined;
  const cause = typeof answer['Payload'] === 'string' ? answer['Payload'] : JSON.stringify(thrown);
  // A runtime that dies without a word gives no type.
  return { kind: 'failed', failure: { error: typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', cause } };
}

function payloadOf(answer: Json): Json {
  const payload = isObject(answer) ? answer['Payload'] : undefined;
  if (typeof payload !== 'string' || payload === '') return null;
  return JSON.parse(payload);
}
