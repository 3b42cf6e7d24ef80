import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation, Principal } from '../gateway/service.ts';
import { messageAttributesFrom } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import type { QueueService } from './queue-service.ts';

/** SendMessage. */
export function sendMessage(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:SendMessage', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input, caller) => sendEntry(service, service.byUrl(input['QueueUrl']), input, caller),
  };
}

/** Sends one message, alone or as an entry of a batch. @throws AwsError */
export function sendEntry(service: QueueService, queue: Queue, entry: Members, caller: Principal): Members {
  const delaySeconds: unknown = entry['DelaySeconds'];
  if (delaySeconds !== undefined && !(typeof delaySeconds === 'number' && delaySeconds >= 0 && delaySeconds <= 900)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${JSON.stringify(delaySeconds)} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  const traceHeader: unknown = entry['MessageSystemAttributes']?.['AWSTraceHeader']?.['StringValue'];
  const sent = service.send(queue.arn, String(entry['MessageBody'] ?? ''), {
    attributes: messageAttributesFrom(entry['MessageAttributes']),
    sender: caller.kind === 'service' ? caller.name : caller.arn,
    ...(typeof delaySeconds === 'number' ? { delaySeconds } : {}),
    ...(typeof traceHeader === 'string' ? { traceHeader } : {}),
  });
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.bodyMd5,
    ...(sent.attributesMd5 && { MD5OfMessageAttributes: sent.attributesMd5 }),
  };
}
