import type { ReceivedMessage } from './message.ts';

/** How a receiver wants its messages. */
export interface ReceiveRequest {
  /** Most messages of one delivery. */
  readonly limit: number;
  readonly visibilityTimeoutSeconds: number;
  /** How long to wait for the first message; Infinity waits until one comes. */
  readonly waitSeconds: number;
  /** Names a consumer in this process, so that what it holds is given back after a crash. */
  readonly consumer?: string;
  readonly signal?: AbortSignal;
}

/** A receiver in line. */
export interface WaitingReceiver {
  readonly request: ReceiveRequest;
  /** Ends the wait. */
  answer(messages: readonly ReceivedMessage[]): void;
}

/** Receivers that wait for a message, first come first served, by queue. */
export class WaitingReceivers {
  readonly #byQueue = new Map<string, Set<WaitingReceiver>>();

  /** Names of the queues that somebody waits for. */
  get queueNames(): readonly string[] {
    return [...this.#byQueue.keys()];
  }

  first(queueName: string): WaitingReceiver | undefined {
    return this.#byQueue.get(queueName)?.values().next().value;
  }

  /** Waits until `answer` is called, the time is over or the request is aborted (both give no messages). */
  wait(queueName: string, request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    const { promise, resolve } = Promise.withResolvers<readonly ReceivedMessage[]>();
    const giveUp = (): void => receiver.answer([]);
    const timeout = Number.isFinite(request.waitSeconds) ? setTimeout(giveUp, request.waitSeconds * 1000) : undefined;
    const receiver: WaitingReceiver = {
      request,
      answer: (messages) => {
        clearTimeout(timeout);
        request.signal?.removeEventListener('abort', giveUp);
        this.#remove(queueName, receiver);
        resolve(messages);
      },
    };
    request.signal?.addEventListener('abort', giveUp);
    const line = this.#byQueue.get(queueName) ?? new Set();
    this.#byQueue.set(queueName, line.add(receiver));
    return promise;
  }

  /** Sends everybody home without messages. */
  dismiss(): void {
    for (const line of this.#byQueue.values()) for (const receiver of line) receiver.answer([]);
  }

  #remove(queueName: string, receiver: WaitingReceiver): void {
    const line = this.#byQueue.get(queueName);
    line?.delete(receiver);
    if (line?.size === 0) this.#byQueue.delete(queueName);
  }
}
