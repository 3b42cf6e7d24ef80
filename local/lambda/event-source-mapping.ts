import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { ReceivedMessage } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import { receiptFrom, type QueueService } from '../sqs/queue-service.ts';
import { failedMessages } from './batch-response.ts';
import type { LambdaFunction } from './function.ts';
import type { FunctionService } from './function-service.ts';
import { SandboxStoppedError } from './sandbox.ts';
import { sqsEvent } from './sqs-event.ts';

const KNOWN = [
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
  'Tags',
];
// Lambda begins with five concurrent batches of a queue.
const DEFAULT_CONCURRENCY = 5;

/** Carries the messages of a queue to a function, in batches. */
export class EventSourceMapping {
  /** The mapping's UUID, the same for the same queue and function after every restart. */
  readonly id: string;
  readonly #cloud: Cloud;
  readonly #queues: QueueService;
  readonly #functions: FunctionService;
  readonly #queue: Queue;
  readonly #lambda: LambdaFunction;
  readonly #enabled: boolean;
  readonly #batchSize: number;
  readonly #windowSeconds: number;
  readonly #concurrency: number;
  readonly #reportsFailures: boolean;
  readonly #stopping = new AbortController();

  /** @throws Error for properties that the local cloud, or Lambda, does not take */
  constructor(cloud: Cloud, queues: QueueService, functions: FunctionService, properties: Readonly<Members>) {
    const unknown = Object.keys(properties).filter((property) => !KNOWN.includes(property));
    if (unknown.length > 0) throw new Error(`properties not supported by the local cloud: ${unknown.join(', ')}`);
    this.#cloud = cloud;
    this.#queues = queues;
    this.#functions = functions;
    this.#queue = queues.byArn(String(properties['EventSourceArn']));
    this.#lambda = functions.find(String(properties['FunctionName']));
    this.#enabled = properties['Enabled'] !== false;
    this.#windowSeconds = Number(properties['MaximumBatchingWindowInSeconds'] ?? 0);
    this.#batchSize = Number(properties['BatchSize'] ?? 10);
    this.#concurrency = Number(properties['ScalingConfig']?.MaximumConcurrency ?? DEFAULT_CONCURRENCY);
    this.#reportsFailures = (properties['FunctionResponseTypes'] ?? []).includes('ReportBatchItemFailures');
    this.#validate();
    const digest = createHash('sha256').update(`${this.#queue.arn}\n${this.#lambda.arn}`).digest('hex');
    this.id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  }

  /** Gives back what a killed process held, then carries. @throws AwsError when the function's role may not read the queue */
  start(): void {
    if (!this.#enabled) return;
    const permissions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    this.#cloud.iam.authorize(
      { kind: 'role', arn: this.#lambda.roleArn },
      permissions.map((action) => ({ action: `sqs:${action}`, resource: this.#queue.arn })),
    );
    this.#queues.giveBack(this.#queue, this.id);
    for (let worker = 0; worker < this.#concurrency; worker += 1) void this.#carry();
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #carry(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const batch = await this.#nextBatch();
      if (batch.length === 0) continue;
      try {
        await this.#deliver(batch);
      } catch (error) {
        // What was held is given back at the next start.
        if (error instanceof SandboxStoppedError) return;
        if (!(error instanceof AwsError)) throw error;
        this.#cloud.warn('a batch could not be delivered; its messages return to the queue', {
          function: this.#lambda.name,
          error: error.message,
        });
      }
    }
  }

  async #nextBatch(): Promise<readonly ReceivedMessage[]> {
    const batch = [...(await this.#receive(this.#batchSize, Infinity))];
    const closesAt = Date.now() + this.#windowSeconds * 1000;
    while (batch.length > 0 && batch.length < this.#batchSize && closesAt > Date.now() && !this.#stopping.signal.aborted) {
      batch.push(...(await this.#receive(this.#batchSize - batch.length, (closesAt - Date.now()) / 1000)));
    }
    return batch;
  }

  #receive(limit: number, waitSeconds: number): Promise<readonly ReceivedMessage[]> {
    return this.#queues.receive(this.#queue, {
      limit,
      waitSeconds,
      visibilityTimeoutSeconds: this.#queue.visibilityTimeoutSeconds,
      consumer: this.id,
      signal: this.#stopping.signal,
    });
  }

  /** Messages that failed stay hidden for the rest of their visibility timeout, as on AWS: that is the pause before the next try. */
  async #deliver(batch: readonly ReceivedMessage[]): Promise<void> {
    const payload = JSON.stringify(sqsEvent(batch, this.#queue.arn, this.#cloud.region));
    const traceHeader = batch.length === 1 ? batch[0]?.traceHeader : undefined;
    const result = await this.#functions.invoke(this.#lambda, payload, traceHeader);
    const ids = batch.map(({ messageId }) => messageId);
    const failed = result.failed ? ids : this.#reportsFailures ? failedMessages(JSON.parse(result.payload), ids) : [];
    this.#cloud.store.write(() => {
      for (const { messageId, receiptHandle } of batch) {
        if (failed.includes(messageId)) this.#queues.letGo(this.#queue, receiptFrom(receiptHandle));
        else this.#queues.remove(this.#queue, receiptFrom(receiptHandle));
      }
    });
  }

  #validate(): void {
    const { visibilityTimeoutSeconds, name } = this.#queue;
    if (visibilityTimeoutSeconds < this.#lambda.timeoutSeconds) {
      throw new Error(
        `queue ${name}: its visibility timeout of ${visibilityTimeoutSeconds} s is less than the function timeout of ${this.#lambda.timeoutSeconds} s`,
      );
    }
    if (!(this.#batchSize >= 1 && this.#batchSize <= (this.#windowSeconds > 0 ? 10_000 : 10))) {
      throw new Error(`BatchSize must be 1 to 10 (to 10000 with a batching window), got ${this.#batchSize}`);
    }
    if (this.#concurrency !== DEFAULT_CONCURRENCY && !(this.#concurrency >= 2 && this.#concurrency <= 1000)) {
      throw new Error(`MaximumConcurrency must be 2 to 1000, got ${this.#concurrency}`);
    }
  }
}
