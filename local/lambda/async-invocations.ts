import { randomUUID } from 'node:crypto';
import type { Cloud, Functions } from '../cloud.ts';
import { DueTimer } from '../due-timer.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import { deadLetter } from './dead-letter.ts';
import type { LambdaFunction } from './function.ts';
import type { FunctionService } from './function-service.ts';
import type { InvocationResult } from './invocation.ts';
import { SandboxStoppedError } from './sandbox.ts';

// As Lambda waits: one minute before the second attempt, two before the third.
const RETRY_DELAYS_SECONDS = [60, 120];
// Lambda tries an event no more once it is this old.
const LONGEST_AGE_MS = 6 * 60 * 60 * 1000;
// Enough to keep every core busy; the others wait in their table.
const MOST_AT_ONCE = 16;

/** An asynchronous invocation as it is kept until it is done. */
export interface AsyncInvocation {
  readonly id: number;
  readonly requestId: string;
  readonly functionName: string;
  readonly payload: string;
  /** Attempts that failed so far. */
  readonly attempts: number;
  readonly queuedAt: number;
  readonly traceHeader?: string;
}

/** Asynchronous invocations: kept until the function succeeds or the retries are used up, then put into the function's dead-letter queue. */
export class AsyncInvocations implements Functions {
  readonly #cloud: Cloud;
  readonly #functions: FunctionService;
  readonly #queues: QueueService;
  readonly #retryDelaysSeconds: readonly number[];
  readonly #running = new Set<number>();
  readonly #timer = new DueTimer(
    () => this.#nextDue(),
    () => this.#dispatch(),
  );

  constructor(
    cloud: Cloud,
    functions: FunctionService,
    queues: QueueService,
    retryDelaysSeconds: readonly number[] = RETRY_DELAYS_SECONDS,
  ) {
    this.#cloud = cloud;
    this.#functions = functions;
    this.#queues = queues;
    this.#retryDelaysSeconds = retryDelaysSeconds;
    cloud.store.define(
      `create table if not exists lambda_async (
        id integer primary key, request_id text not null, function_name text not null, payload text not null, attempts integer not null default 0,
        due_at integer not null, queued_at integer not null, trace_header text
      ) strict`,
    );
  }

  start(): void {
    this.#timer.reset();
  }

  stop(): void {
    this.#timer.stop();
  }

  enqueue(functionArn: string, payload: unknown): void {
    this.add(this.#functions.find(functionArn), JSON.stringify(payload));
  }

  /** Queues an invocation in this turn's transaction. */
  add(lambda: LambdaFunction, payload: string, traceHeader?: string): void {
    const now = Date.now();
    const { store } = this.#cloud;
    store.write(() =>
      store
        .prepare('insert into lambda_async (request_id, function_name, payload, due_at, queued_at, trace_header) values (?, ?, ?, ?, ?, ?)')
        .run(randomUUID(), lambda.name, payload, now, now, traceHeader ?? null),
    );
    store.afterCommit(() => this.#timer.reset());
  }

  #dispatch(): void {
    const due = this.#cloud.store
      .prepare('select * from lambda_async where due_at <= ? and id not in (select value from json_each(?)) order by due_at, id limit ?')
      .all(Date.now(), JSON.stringify([...this.#running]), MOST_AT_ONCE - this.#running.size);
    for (const row of due) {
      const traceHeader = row['trace_header'];
      const invocation = {
        id: Number(row['id']),
        requestId: String(row['request_id']),
        functionName: String(row['function_name']),
        payload: String(row['payload']),
        attempts: Number(row['attempts']),
        queuedAt: Number(row['queued_at']),
        ...(typeof traceHeader === 'string' && { traceHeader }),
      };
      this.#running.add(invocation.id);
      void this.#attempt(invocation).finally(() => {
        this.#running.delete(invocation.id);
        this.#timer.reset();
      });
    }
  }

  async #attempt(invocation: AsyncInvocation): Promise<void> {
    try {
      const lambda = this.#functions.find(invocation.functionName);
      const result = await this.#functions.invoke(lambda, invocation.payload, invocation.traceHeader, invocation.requestId);
      if (result.failed) this.#failed(lambda, invocation, result);
      else this.#done(invocation);
    } catch (error) {
      // The row stays; the next start tries again.
      if (error instanceof SandboxStoppedError) return;
      if (!(error instanceof AwsError)) throw error;
      this.#cloud.warn('an asynchronous invocation was dropped', { function: invocation.functionName, error: error.message });
      this.#done(invocation);
    }
  }

  #failed(lambda: LambdaFunction, invocation: AsyncInvocation, result: InvocationResult): void {
    const { attempts, id, queuedAt } = invocation;
    const delaySeconds = this.#retryDelaysSeconds[attempts];
    const dueAt = Date.now() + (delaySeconds ?? 0) * 1000;
    const { store } = this.#cloud;
    if (delaySeconds === undefined || dueAt > queuedAt + LONGEST_AGE_MS) {
      this.#done(invocation, () => deadLetter(this.#cloud, this.#queues, lambda, invocation, result));
    } else {
      store.write(() => store.prepare('update lambda_async set attempts = attempts + 1, due_at = ? where id = ?').run(dueAt, id));
    }
  }

  /** Removes an invocation and writes where it goes, in one transaction. */
  #done({ id }: AsyncInvocation, handOn?: () => void): void {
    const { store } = this.#cloud;
    store.write(() => {
      handOn?.();
      store.prepare('delete from lambda_async where id = ?').run(id);
    });
  }

  #nextDue(): number | undefined {
    if (this.#running.size >= MOST_AT_ONCE) return undefined;
    const due = this.#cloud.store
      .prepare('select min(due_at) as due from lambda_async where id not in (select value from json_each(?))')
      .get(JSON.stringify([...this.#running]))?.['due'];
    return typeof due === 'number' ? due : undefined;
  }
}
