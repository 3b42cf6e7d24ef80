import type { Members } from '../gateway/service.ts';
import type { Store } from '../store/store.ts';

/** A task as DescribeTasks shows it, with its times as ISO text. */
export interface TaskDescription extends Members {
  readonly taskArn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly lastStatus: 'PROVISIONING' | 'RUNNING' | 'STOPPED';
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly containers: readonly Members[];
  readonly overrides: Members;
}

/** What is remembered of a RunTask with a client token. */
interface Request {
  readonly clientToken: string | undefined;
  readonly request: string;
}

const TIMES = [
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'executionStoppedAt',
  'stoppedAt',
];
// Long enough for a workflow that was stopped over a holiday to learn how its task ended; ECS itself forgets within hours.
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/** Tasks that run or ran. Call the writing methods inside `store.write`. */
export class TaskTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `create table if not exists ecs_tasks (arn text primary key, client_token text, request text not null, status text not null,
        changed integer not null, description text not null) strict`,
      'create index if not exists ecs_tasks_by_token on ecs_tasks (client_token)',
    );
  }

  insert(task: TaskDescription, { clientToken, request }: Request): void {
    this.#store
      .prepare('insert into ecs_tasks (arn, client_token, request, status, changed, description) values (?, ?, ?, ?, ?, ?)')
      .run(task.taskArn, clientToken ?? null, request, task.lastStatus, Date.now(), JSON.stringify(task));
  }

  update(task: TaskDescription): void {
    this.#store
      .prepare('update ecs_tasks set status = ?, changed = ?, description = ? where arn = ?')
      .run(task.lastStatus, Date.now(), JSON.stringify(task), task.taskArn);
  }

  find(arn: string): TaskDescription | undefined {
    const row = this.#store.prepare('select description from ecs_tasks where arn = ?').get(arn);
    return row && descriptionOf(row);
  }

  /** The tasks that were started under a client token, with the request that did. */
  startedBy(clientToken: string): { readonly request: string; readonly tasks: readonly TaskDescription[] } | undefined {
    const rows = this.#store.prepare('select request, description from ecs_tasks where client_token = ? order by rowid').all(clientToken);
    const [first] = rows;
    return first && { request: String(first['request']), tasks: rows.map(descriptionOf) };
  }

  unfinished(): readonly TaskDescription[] {
    return this.#store.prepare("select description from ecs_tasks where status <> 'STOPPED' order by rowid").all().map(descriptionOf);
  }

  prune(): void {
    this.#store.prepare("delete from ecs_tasks where status = 'STOPPED' and changed < ?").run(Date.now() - KEPT_MS);
  }
}

/** The task in the SDK's shape, with dates. */
export function shown(task: TaskDescription): Members {
  return Object.fromEntries(
    Object.entries(task).map(([name, value]: [string, unknown]) => [
      name,
      TIMES.includes(name) && typeof value === 'string' ? new Date(value) : value,
    ]),
  );
}

function descriptionOf(row: Readonly<Record<string, unknown>>): TaskDescription {
  return JSON.parse(String(row['description'])) as TaskDescription;
}
