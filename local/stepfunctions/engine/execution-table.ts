import { createHash } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import type { Store } from '../../store/store.ts';
import type { Execution, ExecutionStatus } from './execution.ts';
import { dueAt, type Thread } from './thread.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Executions, the definitions they started with, and the threads of those that run or could be redriven. */
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
      `create table if not exists sfn_threads (
        execution integer not null, thread integer not null, due_at integer, token text, job text, body text not null,
        primary key (execution, thread)) without rowid, strict`,
      'create index if not exists sfn_threads_due on sfn_threads (due_at) where due_at is not null',
      'create index if not exists sfn_threads_by_token on sfn_threads (token) where token is not null',
      'create index if not exists sfn_threads_by_job on sfn_threads (job) where job is not null',
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

  /** Writes a thread's present standing. Call inside `store.write`. */
  saveThread(execution: number, thread: Thread): void {
    const { activity, status } = thread;
    const task = activity.kind === 'task' && status === 'running' ? activity : undefined;
    this.#store
      .prepare('insert or replace into sfn_threads (execution, thread, due_at, token, job, body) values (?, ?, ?, ?, ?, ?)')
      .run(execution, thread.id, dueAt(thread) ?? null, task?.token ?? null, task?.jobId ?? null, JSON.stringify(thread));
  }

  removeThread(execution: number, thread: number): void {
    this.#store.prepare('delete from sfn_threads where execution = ? and thread = ?').run(execution, thread);
  }

  removeThreads(execution: number): void {
    this.#store.prepare('delete from sfn_threads where execution = ?').run(execution);
  }

  threads(execution: number): Thread[] {
    const rows = this.#store.prepare('select body from sfn_threads where execution = ? order by thread').all(execution);
    return rows.map((row): Thread => JSON.parse(String(row['body'])));
  }

  /** Who waits for a task token or a job. */
  waiting(column: 'token' | 'job', value: string): { readonly execution: number; readonly thread: number } | undefined {
    const row = this.#store.prepare(`select execution, thread from sfn_threads where ${column} = ?`).get(value);
    return row === undefined ? undefined : { execution: Number(row['execution']), thread: Number(row['thread']) };
  }

  /** The earliest time at which a thread or an execution falls due. */
  nextDue(): number | undefined {
    const row = this.#store
      .prepare(
        `select min(due) as due from (select min(due_at) as due from sfn_threads where due_at is not null
         union all select min(deadline) from sfn_executions where status = 'RUNNING')`,
      )
      .get();
    return typeof row?.['due'] === 'number' ? row['due'] : undefined;
  }

  /** Threads that are due; the thread is undefined where the whole execution is. */
  due(now: number): readonly { readonly execution: number; readonly thread?: number }[] {
    const threads = this.#store
      .prepare('select execution, thread from sfn_threads where due_at is not null and due_at <= ? order by due_at')
      .all(now);
    const executions = this.#store.prepare("select id from sfn_executions where status = 'RUNNING' and deadline <= ?").all(now);
    return [
      ...executions.map((row) => ({ execution: Number(row['id']) })),
      ...threads.map((row) => ({ execution: Number(row['execution']), thread: Number(row['thread']) })),
    ];
  }
}

function executionOf(row: Row): Execution {
  const text = (column: string): string => String(row[column]);
  const optional = <K extends string>(key: K, column: string): Partial<Record<K, string>> => {
    const member: Partial<Record<K, string>> = {};
    const value = row[column];
    if (typeof value === 'string') member[key] = value;
    return member;
  };
  const time = <K extends string>(key: K, column: string): Partial<Record<K, number>> => {
    const member: Partial<Record<K, number>> = {};
    const value = row[column];
    if (typeof value === 'number') member[key] = value;
    return member;
  };
  return {
    id: Number(row['id']),
    arn: text('arn'),
    name: text('name'),
    stateMachineArn: text('machine'),
    stateMachineName: text('machine_name'),
    roleArn: text('role'),
    definitionHash: text('definition'),
    input: text('input'),
    startedAt: Number(row['started_at']),
    status: statusOf(text('status')),
    redriveCount: Number(row['redrives']),
    ...optional('output', 'output'),
    ...optional('error', 'error'),
    ...optional('cause', 'cause'),
    ...optional('redriveToken', 'redrive_token'),
    ...time('stoppedAt', 'stopped_at'),
    ...time('redrivenAt', 'redriven_at'),
    ...time('deadline', 'deadline'),
  };
}

function statusOf(text: string): ExecutionStatus {
  switch (text) {
    case 'RUNNING':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      return text;
    default:
      throw new Error(`an execution has the unknown status ${text}; the database is damaged`);
  }
}
