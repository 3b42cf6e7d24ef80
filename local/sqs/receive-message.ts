import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation } from '../gateway/service.ts';
import { md5OfAttributes, requestedAttributes, toSdkAttributes } from './message-attributes.ts';
import type { ReceivedMessage } from './message.ts';
import type { QueueService } from './queue-service.ts';

/** ReceiveMessage. A long poll sleeps until a message is there. */
export function receiveMessage(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:ReceiveMessage', resource: service.byUrl(input['QueueUrl']).arn }],
    run: async (input) => {
      const queue = service.byUrl(input['QueueUrl']);
      const messages = await service.receive(queue, {
        limit: numberIn(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
        visibilityTimeoutSeconds: numberIn(input, 'VisibilityTimeout', 0, 43_200) ?? queue.visibilityTimeoutSeconds,
        waitSeconds: numberIn(input, 'WaitTimeSeconds', 0, 20) ?? queue.receiveWaitSeconds,
      });
      return messages.length === 0 ? {} : { Messages: messages.map((message) => toSdkMessage(message, input)) };
    },
  };
}

/** A message's system attributes by the names of the API, as text. */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: message.sender,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

function toSdkMessage(message: ReceivedMessage, input: Members): Members {
  const asked: readonly string[] = [...(input['AttributeNames'] ?? []), ...(input['MessageSystemAttributeNames'] ?? [])];
  const system = Object.entries(systemAttributes(message)).filter(([name]) => asked.includes('All') || asked.includes(name));
  const attributes = requestedAttributes(message.attributes, input['MessageAttributeNames']);
  const attributesMd5 = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: message.bodyMd5,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributesMd5 !== undefined && { MessageAttributes: toSdkAttributes(attributes), MD5OfMessageAttributes: attributesMd5 }),
  };
}

function numberIn(input: Members, name: string, least: number, most: number): number | undefined {
  const value: unknown = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}
