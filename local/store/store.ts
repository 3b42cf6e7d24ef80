import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Blobs } from './blobs.ts';

export interface StoreOptions {
  /** Folder of the database and the blobs; made when missing. */
  readonly folder: string;
  /**
   * SQLite's `synchronous` setting. FULL survives a power cut, NORMAL the death of the process.
   * @default 'FULL'
   */
  readonly synchronous?: 'FULL' | 'NORMAL';
}

/**
 * Everything that must survive: one SQLite database in WAL mode and one folder of blobs.
 *
 * Writes are synchronous and visible at once to every reader in this process. All writes of one turn of the event loop
 * are one transaction, committed before the next turn (group commit). Whoever shows a result to the outside world (an
 * HTTP answer, a child process) first awaits `committed()`; whatever was written in the same turn is then kept or lost together.
 */
export class Store {
  readonly database: DatabaseSync;
  readonly blobs: Blobs;
  readonly #statements = new Map<string, StatementSync>();
  #group: Group | undefined;
  #depth = 0;
  #failure: Error | undefined;

  constructor({ folder, synchronous = 'FULL' }: StoreOptions) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.database = new DatabaseSync(join(folder, 'pulpit.sqlite'));
    this.database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma busy_timeout = 5000`);
    this.blobs = new Blobs(join(folder, 'blobs'));
  }

  /** Makes a service's tables; each statement must be repeatable (`create table if not exists`). */
  define(...statements: readonly string[]): void {
    for (const statement of statements) this.database.exec(statement);
  }

  /** A prepared statement, kept for the life of the store. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs `change` at once, wholly or (when it throws) not at all, as part of this turn's transaction. `change` must not await. */
  write<T>(change: () => T): T {
    this.#openGroup();
    const savepoint = `s${this.#depth}`;
    this.#depth += 1;
    this.database.exec(`savepoint ${savepoint}`);
    try {
      const result = change();
      this.database.exec(`release ${savepoint}`);
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec(`rollback to ${savepoint}; release ${savepoint}`);
      // A full disk ends the whole transaction: what is written later in this turn must not be kept without it.
      else this.#fail(error);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * Resolves when everything written so far is on disk.
   * @throws StoreFailedError when a commit failed; from then on the store takes no more writes, because what callers hold in memory may be ahead of the disk
   */
  committed(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#group?.done.promise ?? Promise.resolve();
  }

  /** Runs `react` once this turn's writes are on disk (at once if there are none): for wake-ups, which must not act on what may still be lost. */
  afterCommit(react: () => void): void {
    void this.committed().then(react, () => undefined);
  }

  close(): void {
    this.#commit();
    this.#statements.clear();
    this.database.close();
  }

  #openGroup(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#group !== undefined) return;
    this.database.exec('begin immediate');
    const done = Promise.withResolvers<void>();
    // Nobody may be waiting for this group; a waiter still sees the rejection.
    done.promise.catch(() => undefined);
    this.#group = { done, timer: setImmediate(() => this.#commit()) };
  }

  #commit(): void {
    const group = this.#group;
    if (group === undefined) return;
    clearImmediate(group.timer);
    try {
      this.database.exec('commit');
      this.#group = undefined;
      group.done.resolve();
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('rollback');
      this.#fail(error);
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= new StoreFailedError(cause);
    clearImmediate(this.#group?.timer);
    this.#group?.done.reject(this.#failure);
    this.#group = undefined;
  }
}

/** Raised when a commit failed, most often because the disk is full: nothing acknowledged is lost, and the next start goes on from the last commit. */
export class StoreFailedError extends Error {
  override readonly name = 'StoreFailedError';
  constructor(cause: unknown) {
    super(`the store cannot write (${String(cause)}); make room on its disk and start again`, { cause });
  }
}

interface Group {
  readonly done: PromiseWithResolvers<void>;
  readonly timer: NodeJS.Immediate;
}
