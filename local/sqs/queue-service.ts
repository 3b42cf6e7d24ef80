import type { Cloud, Queues } from '../cloud.ts';
import { DueTimer } from '../due-timer.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Receipt, ReceivedMessage, SendOptions, SentMessage } from './message.ts';
import { MessageTable } from './message-table.ts';
import type { Queue } from './queue.ts';
import { WaitingReceivers, type ReceiveRequest } from './waiting-receivers.ts';

/** All queues of the local account: durable messages, and the receivers that wait for them. */
export class QueueService implements Queues {
  readonly cloud: Cloud;
  readonly messages: MessageTable;
  readonly #queues = new Map<string, Queue>();
  readonly #waiting = new WaitingReceivers();
  readonly #timer = new DueTimer(
    () => this.#nextDue(),
    () => this.#onDue(),
  );
  #stopped = false;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.messages = new MessageTable(cloud.store);
  }

  get all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  define(queue: Queue): void {
    const { deadLetter } = queue;
    if (deadLetter !== undefined && !this.#queues.has(nameOf(deadLetter.targetArn))) {
      throw new Error(`${queue.name}: its dead-letter queue ${deadLetter.targetArn} does not exist`);
    }
    this.#queues.set(queue.name, queue);
  }

  start(): void {
    this.#timer.reset();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.stop();
    this.#waiting.dismiss();
  }

  /** The queue of an ARN. @throws AwsError QueueDoesNotExist */
  byArn(arn: string): Queue {
    return this.#find(nameOf(arn));
  }

  /** The queue of a URL, whatever its host: a client may know this machine by another name. @throws AwsError QueueDoesNotExist */
  byUrl(url: unknown): Queue {
    return this.#find(String(url).split('/').at(-1) ?? '');
  }

  /** Adds a message in this turn's transaction. @throws AwsError when there is no such queue or the message is too long */
  send(queueArn: string, body: string, options: SendOptions = {}): SentMessage {
    const queue = this.byArn(queueArn);
    checkBody(queue, body);
    const sent = this.cloud.store.write(() => this.messages.add(queue, body, options));
    this.#changed(queue.name);
    return sent;
  }

  /** Delivers what is visible, or waits for it. Whoever shows the messages to the outside first awaits the commit. */
  async receive(queue: Queue, request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    const ready = this.#take(queue, request);
    if (ready.length > 0 || request.waitSeconds === 0 || this.#stopped || request.signal?.aborted === true) return ready;
    const messages = this.#waiting.wait(queue.name, request);
    this.#timer.reset();
    return messages;
  }

  remove(queue: Queue, receipt: Receipt): void {
    this.cloud.store.write(() => this.messages.remove(queue, receipt));
  }

  /** Leaves a message that a consumer could not handle in the queue; this delivery counts, whatever happens to the process. */
  letGo(queue: Queue, receipt: Receipt): void {
    this.cloud.store.write(() => this.messages.letGo(queue, receipt));
  }

  /** Hides a message for so long from now; 0 shows it at once. @throws AwsError MessageNotInflight */
  hide(queue: Queue, receipt: Receipt, seconds: number): void {
    const hidden = this.cloud.store.write(() => this.messages.hide(queue, receipt, seconds));
    if (!hidden) throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    this.#changed(queue.name);
  }

  /** Gives back what a consumer held when an earlier process died. */
  giveBack(queue: Queue, consumer: string): void {
    this.cloud.store.write(() => this.messages.giveBack(consumer));
    this.#changed(queue.name);
  }

  /** Moves messages in one transaction; returns how many. */
  moveAll(moves: readonly { readonly id: number; readonly target: Queue }[]): number {
    this.cloud.store.write(() => {
      for (const { id, target } of moves) this.messages.move(id, target);
    });
    for (const { target } of moves) this.#changed(target.name);
    return moves.length;
  }

  #find(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** Delivers and dead-letters in one transaction: a message is in exactly one queue at any instant. */
  #take(queue: Queue, { limit, visibilityTimeoutSeconds, consumer }: ReceiveRequest): readonly ReceivedMessage[] {
    const deadLetters = queue.deadLetter === undefined ? undefined : this.byArn(queue.deadLetter.targetArn);
    const maxReceiveCount = queue.deadLetter?.maxReceiveCount ?? Infinity;
    const taken: ReceivedMessage[] = [];
    let deadLettered = false;
    this.cloud.store.write(() => {
      for (;;) {
        const visible = this.messages.visible(queue, limit - taken.length);
        const worn = visible.filter(({ receiveCount }) => receiveCount >= maxReceiveCount);
        for (const { id, receiveCount } of visible) {
          if (receiveCount < maxReceiveCount) taken.push(this.messages.deliver(id, visibilityTimeoutSeconds, consumer));
        }
        if (deadLetters === undefined || worn.length === 0) break;
        for (const { id } of worn) this.messages.deadLetter(id, queue, deadLetters);
        deadLettered = true;
        // Dead letters leave room for others.
        if (taken.length === limit) break;
      }
    });
    if (deadLetters !== undefined && deadLettered) this.#changed(deadLetters.name);
    return taken;
  }

  #changed(queueName: string): void {
    this.cloud.store.afterCommit(() => {
      this.#serve(queueName);
      this.#timer.reset();
    });
  }

  #serve(queueName: string): void {
    for (;;) {
      const receiver = this.#waiting.first(queueName);
      if (receiver === undefined) return;
      const messages = this.#take(this.#find(queueName), receiver.request);
      if (messages.length === 0) return;
      receiver.answer(messages);
    }
  }

  #nextDue(): number | undefined {
    const dues = this.#waiting.queueNames.map((name) => this.messages.nextVisible(name));
    return [...dues, this.messages.nextExpiry()].reduce(
      (least, due) => (least === undefined || (due !== undefined && due < least) ? due : least),
      undefined,
    );
  }

  #onDue(): void {
    const nextExpiry = this.messages.nextExpiry();
    if (nextExpiry !== undefined && nextExpiry <= Date.now()) this.cloud.store.write(() => this.messages.removeExpired());
    for (const name of this.#waiting.queueNames) this.#serve(name);
  }
}

/**
 * Reads a receipt handle.
 * @throws AwsError ReceiptHandleIsInvalid
 */
export function receiptFrom(handle: unknown): Receipt {
  const [messageId, nonce] = Buffer.from(String(handle), 'base64').toString().split('/');
  if (messageId === undefined || nonce === undefined || nonce.length !== 36) {
    throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${String(handle)}" is not a valid receipt handle.`);
  }
  return { messageId, nonce };
}

function checkBody(queue: Queue, body: string): void {
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > queue.maximumMessageBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageBytes} bytes.`,
    );
  }
}

function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}
