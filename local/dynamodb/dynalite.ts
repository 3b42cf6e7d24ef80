import { createRequire } from 'node:module';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';

// dynalite has no types and is CommonJS. Its parts are used without its HTTP server: one port less, and none without IAM.
const require = createRequire(import.meta.url);

type Callback = (error: DynaliteError | null | undefined, result: Members) => void;

interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

interface IndexEntry {
  readonly index: string;
  readonly key: string;
  readonly item: Members;
}

/** A table as dynalite describes it. */
export interface Table extends Members {
  readonly TableName: string;
  readonly TableStatus: string;
  readonly GlobalSecondaryIndexes?: readonly Members[];
}

/** Key-value pairs as LevelDB keeps them, with the prefix of the table or index before each key. */
interface Level {
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, Members]>;
  batch(changes: readonly ({ type: 'put'; key: string; value: Members } | { type: 'del'; key: string })[]): Promise<void>;
}

interface DynaliteStore {
  readonly db: Level;
  readonly tableDb: { awsAccountId: string; awsRegion: string; put(key: string, value: Members, callback: Callback): void };
  readonly lifecycleManager: { gracefulClose(callback: Callback): void };
}

interface Validations {
  checkTypes(input: Members, types: unknown): Members;
  checkValidations(input: Members, types: unknown, custom: unknown, store: DynaliteStore): void;
}

const database = require('dynalite/db') as {
  create(options: Members): DynaliteStore;
  getIndexActions(indexes: unknown, before: null, item: Members, table: Table): { readonly puts: readonly IndexEntry[] };
};
const validations = require('dynalite/validations') as Validations;

export interface DynaliteOptions {
  readonly folder: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * DynamoDB's engine on LevelDB. LevelDB writes through the operating system without syncing: an acknowledged write survives
 * the death of the process, a power cut may lose the last ones (docs/limits.md).
 */
export class Dynalite {
  readonly #store: DynaliteStore;

  constructor({ folder, accountId, region }: DynaliteOptions) {
    this.#store = database.create({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    this.#store.tableDb.awsAccountId = accountId;
    this.#store.tableDb.awsRegion = region;
  }

  /** Runs one API action on JSON as the wire has it. @throws AwsError */
  async run(operation: string, input: Members): Promise<Members> {
    const name = operation.charAt(0).toLowerCase() + operation.slice(1);
    const { types, custom } = require(`dynalite/validations/${name}`) as { readonly types: unknown; readonly custom: unknown };
    const action = require(`dynalite/actions/${name}`) as (store: DynaliteStore, input: Members, callback: Callback) => void;
    try {
      // The checks remove and add members; the caller's object is not theirs.
      const checked = validations.checkTypes(structuredClone(input), types);
      validations.checkValidations(checked, types, custom, this.#store);
      return await new Promise((resolve, reject) => {
        action(this.#store, checked, (error, result) => (error ? reject(error) : resolve(result)));
      });
    } catch (error) {
      throw awsErrorOf(error);
    }
  }

  /** Makes a table active that was being created when its process died. */
  async activate(table: Table): Promise<void> {
    const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
    const active = { ...table, TableStatus: 'ACTIVE', ...(indexes && { GlobalSecondaryIndexes: indexes }) };
    await new Promise<void>((resolve, reject) => {
      this.#store.tableDb.put(table.TableName, active, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Makes the indexes agree with the items. dynalite writes an item's index entries before the item, each on its own, so a
   * process that was killed in between leaves an entry of an item that never was.
   */
  async repairIndexes(table: Table): Promise<void> {
    const expected = new Map<string, Members>();
    const indexPrefix = (index: string): string => `index-global~${table.TableName}~${index}~`;
    for await (const [, item] of this.#store.db.iterator(keysUnder(`item-${table.TableName}~`))) {
      const { puts } = database.getIndexActions(table.GlobalSecondaryIndexes ?? [], null, item, table);
      for (const { index, key, item: entry } of puts) expected.set(indexPrefix(index) + key, entry);
    }
    const changes: Parameters<Level['batch']>[0][number][] = [];
    for await (const [key, entry] of this.#store.db.iterator(keysUnder(`index-global~${table.TableName}~`))) {
      const wanted = expected.get(key);
      if (wanted === undefined) changes.push({ type: 'del', key });
      else if (JSON.stringify(wanted) === JSON.stringify(entry)) expected.delete(key);
    }
    for (const [key, value] of expected) changes.push({ type: 'put', key, value });
    if (changes.length > 0) await this.#store.db.batch(changes);
  }

  /** Waits for what is under way and closes the files. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.lifecycleManager.gracefulClose((error) => (error ? reject(error) : resolve()));
    });
  }
}

// dynalite's keys are ASCII behind the prefix.
function keysUnder(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\u00ff` };
}

function awsErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { statusCode, body } = error as DynaliteError;
  if (statusCode === undefined || body === undefined) return error;
  const { __type, message, Message, ...details } = body;
  return new AwsError(__type.slice(__type.indexOf('#') + 1), message ?? Message ?? '', statusCode, details);
}
