import type { Store } from '../../store/store.ts';
import { dueAt, type Thread } from './thread.ts';

/** Which thread of which execution. */
export interface ThreadPlace {
  readonly execution: number;
  readonly thread: number;
}

/** The threads of executions that run or could be redriven: what a restart takes up, and what timers, tokens and jobs are looked up in. */
export class ThreadTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists sfn_threads (
        execution integer not null, thread integer not null, due_at integer, token text, job text, body text not null,
        primary key (execution, thread)) without rowid, strict`,
      'create index if not exists sfn_threads_due on sfn_threads (due_at) where due_at is not null',
      'create index if not exists sfn_threads_by_token on sfn_threads (token) where token is not null',
      'create index if not exists sfn_threads_by_job on sfn_threads (job) where job is not null',
    );
  }

  /** Writes a thread's present standing. Call inside `store.write`. */
  save(execution: number, thread: Thread): void {
    const { activity, status } = thread;
    const task = activity.kind === 'task' && status === 'running' ? activity : undefined;
    this.#store
      .prepare('insert or replace into sfn_threads (execution, thread, due_at, token, job, body) values (?, ?, ?, ?, ?, ?)')
      .run(execution, thread.id, dueAt(thread) ?? null, task?.token ?? null, task?.jobId ?? null, JSON.stringify(thread));
  }

  remove(execution: number, thread: number): void {
    this.#store.prepare('delete from sfn_threads where execution = ? and thread = ?').run(execution, thread);
  }

  removeAll(execution: number): void {
    this.#store.prepare('delete from sfn_threads where execution = ?').run(execution);
  }

  of(execution: number): Thread[] {
    const rows = this.#store.prepare('select body from sfn_threads where execution = ? order by thread').all(execution);
    return rows.map((row): Thread => JSON.parse(String(row['body'])));
  }

  /** Who waits for a task token or a job. */
  waiting(column: 'token' | 'job', value: string): ThreadPlace | undefined {
    const row = this.#store.prepare(`select execution, thread from sfn_threads where ${column} = ?`).get(value);
    return row === undefined ? undefined : { execution: Number(row['execution']), thread: Number(row['thread']) };
  }

  /** The earliest time at which a thread falls due. */
  nextDue(): number | undefined {
    const row = this.#store.prepare('select min(due_at) as due from sfn_threads where due_at is not null').get();
    return typeof row?.['due'] === 'number' ? row['due'] : undefined;
  }

  /** Threads that are due, the earliest first. */
  due(now: number): readonly ThreadPlace[] {
    return this.#store
      .prepare('select execution, thread from sfn_threads where due_at is not null and due_at <= ? order by due_at')
      .all(now)
      .map((row) => ({ execution: Number(row['execution']), thread: Number(row['thread']) }));
  }
}
