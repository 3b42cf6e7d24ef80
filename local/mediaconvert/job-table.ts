import type { Store } from '../store/store.ts';
import type { JobRecord, JobStatus } from './job-record.ts';

/** Which jobs a listing wants. */
export interface JobFilter {
  readonly queueArn?: string;
  readonly status?: string;
  readonly newestFirst: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Jobs on disk. Writing methods must be called inside `store.write`. */
export class JobTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists mediaconvert_jobs (
        sequence integer primary key, id text not null unique, queue text not null, status text not null,
        priority integer not null, token text, submitted_at integer not null, record text not null) strict`,
      'create index if not exists mediaconvert_jobs_by_queue on mediaconvert_jobs (queue, status)',
      'create index if not exists mediaconvert_jobs_by_token on mediaconvert_jobs (token) where token is not null',
    );
  }

  insert(job: JobRecord): void {
    const { Priority, ClientRequestToken = null } = job.request;
    this.#store
      .prepare('insert into mediaconvert_jobs (id, queue, status, priority, token, submitted_at, record) values (?, ?, ?, ?, ?, ?, ?)')
      .run(job.id, job.queueArn, job.status, Priority, ClientRequestToken, job.submittedAt, JSON.stringify(job));
  }

  update(job: JobRecord): void {
    this.#store.prepare('update mediaconvert_jobs set status = ?, record = ? where id = ?').run(job.status, JSON.stringify(job), job.id);
  }

  get(id: string): JobRecord | undefined {
    return this.#records('select record from mediaconvert_jobs where id = ?', id)[0];
  }

  /** The latest job that was made with this token since `since`. */
  byToken(token: string, since: number): JobRecord | undefined {
    const sql = 'select record from mediaconvert_jobs where token = ? and submitted_at >= ? order by sequence desc limit 1';
    return this.#records(sql, token, since)[0];
  }

  /** Jobs of one status in the order in which a queue takes them. */
  inOrder(queueArn: string, status: JobStatus): readonly JobRecord[] {
    return this.#records(
      'select record from mediaconvert_jobs where queue = ? and status = ? order by priority desc, sequence',
      queueArn,
      status,
    );
  }

  /** Queues that have open jobs. */
  busyQueues(): readonly string[] {
    const rows = this.#store.prepare(`select distinct queue from mediaconvert_jobs where status in ('SUBMITTED', 'PROGRESSING')`).all();
    return rows.map((row) => String(row['queue']));
  }

  list({ queueArn, status, newestFirst, limit, offset }: JobFilter): readonly JobRecord[] {
    const direction = newestFirst ? 'desc' : 'asc';
    const sql = `select record from mediaconvert_jobs where (?1 is null or queue = ?1) and (?2 is null or status = ?2) order by sequence ${direction} limit ?3 offset ?4`;
    return this.#records(sql, queueArn ?? null, status ?? null, limit, offset);
  }

  #records(sql: string, ...values: readonly (string | number | null)[]): readonly JobRecord[] {
    const rows = this.#store.prepare(sql).all(...values);
    return rows.map((row) => JSON.parse(String(row['record'])) as JobRecord);
  }
}
