import { cpSync } from 'node:fs';
import { Engine } from '../../../local/stepfunctions/engine/engine.ts';
import type { Execution } from '../../../local/stepfunctions/engine/execution.ts';
import type { RunNotice } from '../../../local/stepfunctions/engine/run.ts';
import type { HistoryEvent } from '../../../local/stepfunctions/history/history-event.ts';
import type { Json } from '../../../local/stepfunctions/json.ts';
import { nameIntegration } from '../../../local/stepfunctions/tasks/integration-name.ts';
import type { Integration, Task, TaskOutcome, TaskRunner } from '../../../local/stepfunctions/tasks/task-runner.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** What a task is asked to do, in the words of these tests: how often the state has been asked, and what to answer. */
export type Answer = (task: Task, asked: number) => TaskOutcome | Promise<TaskOutcome>;

export const succeeded = (output: Json): TaskOutcome => ({ kind: 'succeeded', output });
export const failed = (error: string, cause = ''): TaskOutcome => ({ kind: 'failed', failure: { error, cause } });
export const never = (): Promise<TaskOutcome> => new Promise(() => undefined);

/** Services that answer as a test says and keep count. Jobs live here, outside the engine, as they do in a service. */
export class ScriptedTasks implements TaskRunner {
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  /** How each job came out, by id; a job that is not here still runs. */
  readonly jobs = new Map<string, TaskOutcome>();
  readonly #answers: Readonly<Record<string, Answer>>;

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers;
  }

  integration(resource: string): Integration {
    return {
      ...nameIntegration(resource),
      // A job's service writes into the same store; every other task is done outside.
      onlyWrites: resource.endsWith('.sync'),
      submit: async (task) => {
        this.asked.push(task.stateName);
        const count = this.asked.filter((name) => name === task.stateName).length;
        return this.#answers[task.stateName]?.(task, count) ?? succeeded(task.arguments);
      },
      job: {
        idOf: (answer) => JSON.stringify(answer).replaceAll('"', ''),
        outcome: async (_task, jobId) => this.jobs.get(jobId),
        cancel: async (_task, jobId) => void this.cancelled.push(jobId),
      },
    };
  }
}

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';

/** An engine on a folder, with a clock that stands still unless it is told to go on. */
export class EngineUnderTest {
  readonly folder: string;
  readonly engine: Engine;
  readonly store: Store;
  readonly notices: RunNotice[] = [];
  readonly statuses: string[] = [];
  onCommit: () => void = () => undefined;
  now: number;

  constructor(tasks: TaskRunner, { folder = tempFolder(), now = Date.now() } = {}) {
    this.folder = folder;
    this.now = now;
    this.store = new Store({ folder, synchronous: 'NORMAL' });
    this.engine = new Engine({
      store: this.store,
      tasks,
      region: 'us-east-1',
      now: () => this.now,
      onStatus: ({ status }) => void this.statuses.push(status),
      onNotice: (_execution, notice) => {
        this.notices.push(notice);
        this.onCommit();
      },
      onDueChange: () => undefined,
      warn: (message, fields) => {
        throw new Error(`${message}: ${JSON.stringify(fields)}`);
      },
    });
  }

  start(states: Record<string, unknown>, input: Json = {}, more: Record<string, unknown> = {}): Promise<Execution> {
    const definitionText = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more });
    const named = { arn: `${MACHINE}:run`, name: 'run', stateMachineArn: MACHINE, stateMachineName: 'machine', roleArn: 'role' };
    return this.engine.start({ ...named, input: JSON.stringify(input), definitionText });
  }

  /** Lets everything happen that waits for no timer. */
  async settle(): Promise<void> {
    // A commit may wake what writes again, a few times over.
    for (let turn = 0; turn < 10; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  /** Lets the clock jump to each due time until nothing is due any more (or `until` holds). */
  async runThrough(until: () => boolean = () => false): Promise<void> {
    await this.settle();
    for (let due = this.engine.nextDue(); due !== undefined && !until(); due = this.engine.nextDue()) {
      this.now = Math.max(this.now, due);
      this.engine.handleDue();
      await this.settle();
    }
  }

  execution(): Execution {
    const found = this.engine.executions.find(`${MACHINE}:run`);
    if (found === undefined) throw new Error('nothing was started');
    return found;
  }

  history(): HistoryEvent[] {
    return this.engine.history.page(this.execution().id, { skip: 0, limit: -1, newestFirst: false });
  }

  /** The history in short: type and previous id. */
  events(): string[] {
    return this.history().map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
  }

  types(): string[] {
    return this.history().map(({ type }) => type);
  }

  detail(type: string): Record<string, Json> {
    return this.history().findLast((event) => event.type === type)?.details ?? {};
  }

  /** A copy of what is on disk now: what a process killed at this moment would leave. */
  copy(): string {
    const folder = tempFolder();
    cpSync(this.folder, folder, { recursive: true });
    return folder;
  }
}
