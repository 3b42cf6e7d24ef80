import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { Dynalite } from './dynalite.ts';

// AWS deletes "within a few days" of the time; nobody may rely on more.
const HOUR_MS = 60 * 60 * 1000;

interface WatchedTable {
  readonly table: string;
  /** Holds epoch seconds. */
  readonly attribute: string;
  readonly keys: readonly string[];
}

/** Deletes the items whose time is over: at the start, and then once an hour. */
export class TimeToLive {
  readonly #dynalite: Dynalite;
  readonly #watched: WatchedTable[] = [];
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(dynalite: Dynalite, onError: (error: unknown) => void) {
    this.#dynalite = dynalite;
    this.#onError = onError;
  }

  watch(table: string, attribute: string, keys: readonly string[]): void {
    this.#watched.push({ table, attribute, keys });
  }

  async start(): Promise<void> {
    await this.sweep();
    this.#timer = setInterval(() => void this.sweep().catch(this.#onError), HOUR_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Deletes what has expired by now. */
  async sweep(): Promise<void> {
    for (const watched of this.#watched) await this.#sweepTable(watched);
  }

  async #sweepTable({ table, attribute, keys }: WatchedTable): Promise<void> {
    const expired = {
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) }, ':number': { S: 'N' } },
    };
    const condition = 'attribute_type(#ttl, :number) AND #ttl < :now';
    let start: unknown;
    do {
      const page = await this.#dynalite.run('Scan', {
        TableName: table,
        FilterExpression: condition,
        ...expired,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      for (const item of page['Items'] as readonly Members[]) {
        const Key = Object.fromEntries(keys.map((key) => [key, item[key] as unknown]));
        await this.#dynalite.run('DeleteItem', { TableName: table, Key, ConditionExpression: condition, ...expired }).catch(renewed);
      }
      start = page['LastEvaluatedKey'];
    } while (start !== undefined);
  }
}

/** The item got a later time meanwhile. */
function renewed(error: unknown): void {
  if (!(error instanceof AwsError && error.code === 'ConditionalCheckFailedException')) throw error;
}
