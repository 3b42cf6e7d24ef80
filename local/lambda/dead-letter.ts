import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { textAttribute } from '../sqs/message-attributes.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import type { AsyncInvocation } from './async-invocations.ts';
import type { LambdaFunction } from './function.ts';
import type { InvocationResult } from './invocation.ts';

// Lambda puts the first 1 KB of the error into the attributes of a dead letter.
const LONGEST_ERROR = 1024;

/** Puts an asynchronous invocation that failed for good into its function's dead-letter queue, in this turn's transaction. */
export function deadLetter(
  cloud: Cloud,
  queues: QueueService,
  { name, deadLetterArn }: LambdaFunction,
  { requestId, payload }: AsyncInvocation,
  result: InvocationResult,
): void {
  if (deadLetterArn === undefined) {
    cloud.warn('an asynchronous invocation failed and has no dead-letter queue', { function: name, requestId });
    return;
  }
  try {
    queues.send(deadLetterArn, payload, {
      sender: 'lambda.amazonaws.com',
      attributes: {
        RequestID: textAttribute(requestId),
        ErrorCode: { dataType: 'Number', stringValue: '200' },
        ErrorMessage: textAttribute(String(JSON.parse(result.payload).errorMessage).slice(0, LONGEST_ERROR) || 'no message'),
      },
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    cloud.warn('a failed asynchronous invocation is lost: its dead-letter queue does not take it', {
      queue: deadLetterArn,
      error: error.message,
    });
  }
}
