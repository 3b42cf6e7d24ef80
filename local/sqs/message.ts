import type { SQLOutputValue } from 'node:sqlite';
import { md5, type MessageAttributes } from './message-attributes.ts';

/** A row of the message table. */
export type Row = Record<string, SQLOutputValue>;

/** What is sent besides the body. */
export interface SendOptions {
  readonly attributes?: MessageAttributes;
  readonly delaySeconds?: number;
  /** Who sends, for the message's SenderId. */
  readonly sender?: string;
  /** The X-Ray header that travels with the message. */
  readonly traceHeader?: string;
}

/** What the sender learns. */
export interface SentMessage {
  readonly messageId: string;
  readonly bodyMd5: string;
  readonly attributesMd5?: string;
}

/** A message that was just delivered. Times are epoch milliseconds. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
  readonly sender: string;
  readonly traceHeader?: string;
  readonly deadLetterSource?: string;
}

/** What a receipt handle says. */
export interface Receipt {
  readonly messageId: string;
  readonly nonce: string;
}

/** A message from its row in the table. */
export function receivedFrom(row: Row): ReceivedMessage {
  const body = String(row['body']);
  const messageId = String(row['message_id']);
  const traceHeader = optionalText(row['trace_header']);
  const deadLetterSource = optionalText(row['dead_letter_source']);
  return {
    messageId,
    receiptHandle: Buffer.from(`${messageId}/${String(row['receipt'])}`).toString('base64'),
    body,
    bodyMd5: md5(body),
    attributes: JSON.parse(String(row['attributes'])),
    sentAt: Number(row['sent_at']),
    firstReceivedAt: Number(row['first_received_at']),
    receiveCount: Number(row['receive_count']),
    sender: String(row['sender']),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(deadLetterSource === undefined ? {} : { deadLetterSource }),
  };
}

/** A column that may be null. */
export function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
