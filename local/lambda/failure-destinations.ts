import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import { textAttribute } from '../sqs/message-attributes.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import type { AsyncInvocation } from './async-invocations.ts';
import type { LambdaFunction } from './function.ts';
import { parseFunctionName } from './function-service.ts';
import type { InvocationResult } from './invocation.ts';

/** How asynchronous invocations of one function end, as an `AWS::Lambda::EventInvokeConfig` says. */
interface InvokeConfig {
  readonly maximumRetries: number;
  readonly maximumAgeSeconds: number;
  readonly onSuccessArn?: string;
  readonly onFailureArn?: string;
}

// Lambda's defaults: two retries within six hours.
const DEFAULTS: InvokeConfig = { maximumRetries: 2, maximumAgeSeconds: 21_600 };
// Lambda puts the first 1 KB of the error into the attributes of a dead letter.
const LONGEST_ERROR = 1024;

/** Where asynchronous invocations go when they are done: dead-letter queues and destinations. */
export class FailureDestinations {
  readonly #cloud: Cloud;
  readonly #queues: QueueService;
  readonly #configs = new Map<string, InvokeConfig>();

  constructor(cloud: Cloud, queues: QueueService) {
    this.#cloud = cloud;
    this.#queues = queues;
  }

  /** @throws Error for a destination that is neither a queue nor a function */
  define(properties: Readonly<Members>): void {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = properties;
    const arn = (kind: string): string | undefined => destinationArn(DestinationConfig?.[kind]?.Destination);
    const onSuccessArn = arn('OnSuccess');
    const onFailureArn = arn('OnFailure');
    this.#configs.set(parseFunctionName(String(properties['FunctionName'])).name, {
      maximumRetries: Number(MaximumRetryAttempts ?? DEFAULTS.maximumRetries),
      maximumAgeSeconds: Number(MaximumEventAgeInSeconds ?? DEFAULTS.maximumAgeSeconds),
      ...(onSuccessArn !== undefined && { onSuccessArn }),
      ...(onFailureArn !== undefined && { onFailureArn }),
    });
  }

  limits({ name }: LambdaFunction): InvokeConfig {
    return this.#configs.get(name) ?? DEFAULTS;
  }

  succeeded(lambda: LambdaFunction, invocation: AsyncInvocation, result: InvocationResult): void {
    const { onSuccessArn } = this.limits(lambda);
    if (onSuccessArn !== undefined) this.#deliver(onSuccessArn, record(lambda, invocation, result, 'Success'));
  }

  failed(lambda: LambdaFunction, invocation: AsyncInvocation, result: InvocationResult, condition: string): void {
    const { onFailureArn } = this.limits(lambda);
    if (onFailureArn !== undefined) this.#deliver(onFailureArn, record(lambda, invocation, result, condition));
    if (lambda.deadLetterArn !== undefined) this.#deadLetter(lambda.deadLetterArn, invocation, result);
    if (onFailureArn === undefined && lambda.deadLetterArn === undefined) {
      this.#cloud.warn('an asynchronous invocation failed and has no dead-letter queue', {
        function: lambda.name,
        requestId: invocation.requestId,
      });
    }
  }

  #deadLetter(queueArn: string, { requestId, payload }: AsyncInvocation, result: InvocationResult): void {
    this.#orWarn(queueArn, () =>
      this.#queues.send(queueArn, payload, {
        sender: 'lambda.amazonaws.com',
        attributes: {
          RequestID: textAttribute(requestId),
          ErrorCode: { dataType: 'Number', stringValue: '200' },
          ErrorMessage: textAttribute(String(JSON.parse(result.payload).errorMessage).slice(0, LONGEST_ERROR) || 'no message'),
        },
      }),
    );
  }

  #deliver(arn: string, invocationRecord: Members): void {
    this.#orWarn(arn, () => {
      if (arn.startsWith('arn:aws:sqs:')) this.#queues.send(arn, JSON.stringify(invocationRecord), { sender: 'lambda.amazonaws.com' });
      else this.#cloud.functions.enqueue(arn, invocationRecord);
    });
  }

  #orWarn(arn: string, send: () => void): void {
    try {
      send();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#cloud.warn('the end of an asynchronous invocation is lost: its destination does not take it', {
        destination: arn,
        error: error.message,
      });
    }
  }
}

function destinationArn(arn: unknown): string | undefined {
  if (typeof arn !== 'string') return undefined;
  if (!/^arn:aws:(sqs|lambda):/.test(arn))
    throw new Error(`the destination ${arn} is not supported by the local cloud; use a queue or a function`);
  return arn;
}

function record(lambda: LambdaFunction, invocation: AsyncInvocation, result: InvocationResult, condition: string): Members {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: `${lambda.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invocation.attempts + 1,
    },
    requestPayload: JSON.parse(invocation.payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(result.failed && { functionError: 'Unhandled' }) },
    responsePayload: JSON.parse(result.payload),
  };
}
