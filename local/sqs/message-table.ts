import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';
import { receivedFrom, optionalText, type Receipt, type ReceivedMessage, type Row, type SendOptions, type SentMessage } from './message.ts';
import { md5, md5OfAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';

/** The messages of all queues. A message is visible from `visible_at`; a delivery moves that into the future. */
export class MessageTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists sqs_message (
        id integer primary key, queue text not null, message_id text not null unique, body text not null, attributes text not null,
        sent_at integer not null, visible_at integer not null, expires_at integer not null, first_received_at integer,
        receive_count integer not null default 0, receipt text, consumer text, sender text not null, trace_header text, dead_letter_source text
      ) strict`,
      'create index if not exists sqs_message_visible on sqs_message (queue, visible_at, id)',
      'create index if not exists sqs_message_expiry on sqs_message (expires_at)',
    );
  }

  add(
    queue: Queue,
    body: string,
    { attributes = {}, delaySeconds = queue.delaySeconds, sender = 'local', traceHeader }: SendOptions,
  ): SentMessage {
    const now = Date.now();
    const messageId = randomUUID();
    this.#store
      .prepare(
        `insert into sqs_message (queue, message_id, body, attributes, sent_at, visible_at, expires_at, sender, trace_header)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        queue.name,
        messageId,
        body,
        JSON.stringify(attributes),
        now,
        now + delaySeconds * 1000,
        now + queue.retentionSeconds * 1000,
        sender,
        traceHeader ?? null,
      );
    const attributesMd5 = md5OfAttributes(attributes);
    return { messageId, bodyMd5: md5(body), ...(attributesMd5 === undefined ? {} : { attributesMd5 }) };
  }

  /** Up to `limit` messages that are visible now, the longest visible first. */
  visible(queue: Queue, limit: number): readonly { readonly id: number; readonly receiveCount: number }[] {
    const now = Date.now();
    return this.#store
      .prepare(
        'select id, receive_count from sqs_message where queue = ? and visible_at <= ? and expires_at > ? order by visible_at, id limit ?',
      )
      .all(queue.name, now, now, limit)
      .map((row) => ({ id: Number(row['id']), receiveCount: Number(row['receive_count']) }));
  }

  /** Delivers one message: hides it, counts the delivery and gives it a new receipt. `consumer` names a holder in this process. */
  deliver(id: number, visibilityTimeoutSeconds: number, consumer: string | undefined): ReceivedMessage {
    const now = Date.now();
    const row = this.#store
      .prepare(
        `update sqs_message set visible_at = ?, first_received_at = coalesce(first_received_at, ?), receive_count = receive_count + 1, receipt = ?, consumer = ?
         where id = ? returning *`,
      )
      .get(now + visibilityTimeoutSeconds * 1000, now, randomUUID(), consumer ?? null, id);
    if (row === undefined) throw new Error(`message ${id} is gone`);
    return receivedFrom(row);
  }

  /** Moves a message to its dead-letter queue. It keeps its id and its age: retention counts from the first sending, as on AWS. */
  deadLetter(id: number, source: Queue, target: Queue): void {
    this.#store
      .prepare(
        `update sqs_message set queue = ?, dead_letter_source = ?, visible_at = ?, expires_at = sent_at + ?, first_received_at = null,
         receive_count = 0, receipt = null, consumer = null where id = ?`,
      )
      .run(target.name, source.arn, Date.now(), target.retentionSeconds * 1000, id);
  }

  /** Deletes the message of a receipt; a receipt that a later delivery replaced deletes nothing. */
  remove(queue: Queue, receipt: Receipt): void {
    this.#store
      .prepare('delete from sqs_message where queue = ? and message_id = ? and receipt = ?')
      .run(queue.name, receipt.messageId, receipt.nonce);
  }

  /** Hides a message in flight for so long from now. False when it is not in flight under that receipt. */
  hide(queue: Queue, receipt: Receipt, seconds: number): boolean {
    const now = Date.now();
    const { changes } = this.#store
      .prepare('update sqs_message set visible_at = ? where queue = ? and message_id = ? and receipt = ? and visible_at > ?')
      .run(now + seconds * 1000, queue.name, receipt.messageId, receipt.nonce, now);
    return changes > 0;
  }

  /** A consumer in this process is done with a message that stays: it comes back when its visibility timeout ends. */
  letGo(queue: Queue, receipt: Receipt): void {
    this.#store
      .prepare('update sqs_message set consumer = null where queue = ? and message_id = ? and receipt = ?')
      .run(queue.name, receipt.messageId, receipt.nonce);
  }

  /** Gives back what a consumer of this process held when the process died; that delivery does not count against the message. */
  giveBack(consumer: string): void {
    this.#store
      .prepare(
        'update sqs_message set visible_at = ?, receive_count = receive_count - 1, receipt = null, consumer = null where consumer = ? and visible_at > ?',
      )
      .run(Date.now(), consumer, Date.now());
  }

  counts(queue: Queue): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = Date.now();
    const row = this.#store
      .prepare(
        `select count(*) filter (where visible_at <= ?1) as visible, count(*) filter (where visible_at > ?1 and receive_count > 0) as in_flight,
         count(*) filter (where visible_at > ?1 and receive_count = 0) as delayed from sqs_message where queue = ?2 and expires_at > ?1`,
      )
      .get(now, queue.name);
    return { visible: Number(row?.['visible']), inFlight: Number(row?.['in_flight']), delayed: Number(row?.['delayed']) };
  }

  /** When the oldest message was sent, epoch milliseconds. */
  oldestSentAt(queue: Queue): number | undefined {
    return optionalNumber(
      this.#store.prepare('select min(sent_at) as due from sqs_message where queue = ? and expires_at > ?').get(queue.name, Date.now()),
    );
  }

  purge(queue: Queue): void {
    this.#store.prepare('delete from sqs_message where queue = ?').run(queue.name);
  }

  /** Messages that a move task would take, with the queue each was dead-lettered from. */
  movable(queue: Queue): readonly { readonly id: number; readonly source: string | undefined }[] {
    return this.#store
      .prepare('select id, dead_letter_source from sqs_message where queue = ? and visible_at <= ? order by id')
      .all(queue.name, Date.now())
      .map((row) => ({ id: Number(row['id']), source: optionalText(row['dead_letter_source']) }));
  }

  /** Moves a message as a move task does: it arrives as a new message, with a new id and age. */
  move(id: number, target: Queue): void {
    const now = Date.now();
    this.#store
      .prepare(
        `update sqs_message set queue = ?, message_id = ?, sent_at = ?, visible_at = ?, expires_at = ?, first_received_at = null,
         receive_count = 0, receipt = null, consumer = null, dead_letter_source = null where id = ?`,
      )
      .run(target.name, randomUUID(), now, now, now + target.retentionSeconds * 1000, id);
  }

  removeExpired(): void {
    this.#store.prepare('delete from sqs_message where expires_at <= ?').run(Date.now());
  }

  nextExpiry(): number | undefined {
    return optionalNumber(this.#store.prepare('select min(expires_at) as due from sqs_message').get());
  }

  nextVisible(queueName: string): number | undefined {
    return optionalNumber(this.#store.prepare('select min(visible_at) as due from sqs_message where queue = ?').get(queueName));
  }
}

function optionalNumber(row: Row | undefined): number | undefined {
  const due = row?.['due'];
  return typeof due === 'number' ? due : undefined;
}
