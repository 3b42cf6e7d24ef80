import type { Members } from '../gateway/service.ts';
import { md5OfAttributes } from '../sqs/message-attributes.ts';
import type { ReceivedMessage } from '../sqs/message.ts';
import { systemAttributes } from '../sqs/receive-message.ts';

/** The event that a function receives for a batch of messages. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string, region: string): Members {
  return { Records: messages.map((message) => recordOf(message, queueArn, region)) };
}

function recordOf(message: ReceivedMessage, queueArn: string, region: string): Members {
  const attributesMd5 = md5OfAttributes(message.attributes);
  const messageAttributes = Object.entries(message.attributes).map(([name, attribute]) => [
    name,
    { ...attribute, stringListValues: [], binaryListValues: [] },
  ]);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(messageAttributes),
    ...(attributesMd5 !== undefined && { md5OfMessageAttributes: attributesMd5 }),
    md5OfBody: message.bodyMd5,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
