import type { Store } from '../store/store.ts';
import type { TranscriptionRecord } from './job-record.ts';

/** Which jobs a listing wants. */
export interface TranscriptionFilter {
  readonly status?: string;
  readonly nameContains?: string;
  readonly limit: number;
  readonly offset: number;
}

/** Transcription jobs on disk. Writing methods must be called inside `store.write`. */
export class TranscriptionTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists transcribe_jobs (
        sequence integer primary key, name text not null unique, status text not null, record text not null) strict`,
      'create index if not exists transcribe_jobs_by_status on transcribe_jobs (status)',
    );
  }

  insert(job: TranscriptionRecord): void {
    this.#store
      .prepare('insert into transcribe_jobs (name, status, record) values (?, ?, ?)')
      .run(job.name, job.status, JSON.stringify(job));
  }

  update(job: TranscriptionRecord): void {
    this.#store.prepare('update transcribe_jobs set status = ?, record = ? where name = ?').run(job.status, JSON.stringify(job), job.name);
  }

  get(name: string): TranscriptionRecord | undefined {
    return this.#records('select record from transcribe_jobs where name = ?', name)[0];
  }

  /** Unfinished jobs, the oldest first. */
  open(): readonly TranscriptionRecord[] {
    return this.#records(`select record from transcribe_jobs where status in ('QUEUED', 'IN_PROGRESS') order by sequence`);
  }

  /** The newest first. */
  list({ status, nameContains, limit, offset }: TranscriptionFilter): readonly TranscriptionRecord[] {
    const sql =
      'select record from transcribe_jobs where (?1 is null or status = ?1) and (?2 is null or instr(name, ?2) > 0) order by sequence desc limit ?3 offset ?4';
    return this.#records(sql, status ?? null, nameContains ?? null, limit, offset);
  }

  #records(sql: string, ...values: readonly (string | number | null)[]): readonly TranscriptionRecord[] {
    const rows = this.#store.prepare(sql).all(...values);
    return rows.map((row) => JSON.parse(String(row['record'])) as TranscriptionRecord);
  }
}
