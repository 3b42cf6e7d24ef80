import { createHash } from 'node:crypto';
import type { Store } from '../../store/store.ts';
import type { Execution, ExecutionStatus } from './execution.ts';
import { executionOf } from './execution-row.ts';

/** Executions, and the definitions they started with. */
export class ExecutionTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      'create table if not exists sfn_definitions (hash text primary key, text text not null) strict',
      `create table if not exists sfn_executions (
        id integer primary key, arn text not null unique, name text not null, machine text not null, machine_name text not null, role text not null,
        definition text not null, input text not null, started_at integer not null, status text not null, output text, error text, cause text,
        stopped_at integer, redrives integer not null default 0, redriven_at integer, redrive_token text, deadline integer) strict`,
      'create index if not exists sfn_executions_by_machine on sfn_executions (machine, started_at)',
      "create index if not exists sfn_executions_running on sfn_executions (deadline) where status = 'RUNNING'",
    );
  }

  /** Keeps a definition's text and returns its name. Call inside `store.write`. */
  keepDefinition(text: string): string {
    const hash = createHash('sha256').update(text).digest('hex');
    this.#store.prepare('insert into sfn_definitions (hash, text) values (?, ?) on conflict do nothing').run(hash, text);
    return hash;
  }

  definition(hash: string): string {
    const row = this.#store.prepare('select text from sfn_definitions where hash = ?').get(hash);
    if (row === undefined) throw new Error(`definition ${hash} is not in the store; the database is damaged`);
    return String(row['text']);
  }

  /** Adds an execution that starts now. Call inside `store.write`. */
  insert(started: Omit<Execution, 'id' | 'status' | 'redriveCount'>): Execution {
    const { lastInsertRowid } = this.#store
      .prepare(
        `insert into sfn_executions (arn, name, machine, machine_name, role, definition, input, started_at, deadline, status)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING')`,
      )
      .run(
        started.arn,
        started.name,
        started.stateMachineArn,
        started.stateMachineName,
        started.roleArn,
        started.definitionHash,
        started.input,
        started.startedAt,
        started.deadline ?? null,
      );
    return { ...started, id: Number(lastInsertRowid), status: 'RUNNING', redriveCount: 0 };
  }

  /** Writes what may change. Call inside `store.write`. */
  update({ id, status, output, error, cause, stoppedAt, redriveCount, redrivenAt, redriveToken, deadline }: Execution): void {
    this.#store
      .prepare(
        'update sfn_executions set status = ?, output = ?, error = ?, cause = ?, stopped_at = ?, redrives = ?, redriven_at = ?, redrive_token = ?, deadline = ? where id = ?',
      )
      .run(
        status,
        output ?? null,
        error ?? null,
        cause ?? null,
        stoppedAt ?? null,
        redriveCount,
        redrivenAt ?? null,
        redriveToken ?? null,
        deadline ?? null,
        id,
      );
  }

  find(arn: string): Execution | undefined {
    const row = this.#store.prepare('select * from sfn_executions where arn = ?').get(arn);
    return row === undefined ? undefined : executionOf(row);
  }

  byId(id: number): Execution | undefined {
    const row = this.#store.prepare('select * from sfn_executions where id = ?').get(id);
    return row === undefined ? undefined : executionOf(row);
  }

  running(): Execution[] {
    return this.#store.prepare("select * from sfn_executions where status = 'RUNNING' order by id").all().map(executionOf);
  }

  /** Newest first. */
  list(machineArn: string, status: ExecutionStatus | undefined, skip: number, limit: number): Execution[] {
    return this.#store
      .prepare(
        'select * from sfn_executions where machine = ? and (?2 is null or status = ?2) order by started_at desc, id desc limit ?3 offset ?4',
      )
      .all(machineArn, status ?? null, limit, skip)
      .map(executionOf);
  }

  /** The earliest deadline of a running execution. */
  nextDue(): number | undefined {
    const row = this.#store.prepare("select min(deadline) as due from sfn_executions where status = 'RUNNING'").get();
    return typeof row?.['due'] === 'number' ? row['due'] : undefined;
  }

  /** Executions whose time is up. */
  due(now: number): readonly number[] {
    return this.#store
      .prepare("select id from sfn_executions where status = 'RUNNING' and deadline <= ?")
      .all(now)
      .map((row) => Number(row['id']));
  }
}
