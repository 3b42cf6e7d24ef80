import { isObject, type Json } from '../json.ts';
import type { Failure } from '../state-failure.ts';
import { nameIntegration } from '../tasks/integration-name.ts';
import type { Integration, Task, TaskOutcome, TaskRunner } from '../tasks/task-runner.ts';
import { textOf, type RecordedCase, type RecordedTask } from './recorded-case.ts';

const NEVER = new Promise<never>(() => undefined);

/** Answers each task with what AWS recorded for it, instead of calling a service. */
export class RecordedTasks implements TaskRunner {
  readonly #tasks: RecordedCase['tasks'];
  readonly #used = new Map<string, number>();
  readonly #jobs = new Map<string, RecordedTask>();

  constructor(tasks: RecordedCase['tasks']) {
    this.#tasks = tasks;
  }

  integration(resource: string): Integration {
    const name = nameIntegration(resource);
    const isSubmitted = name.endsWith !== 'answer';
    return {
      ...name,
      // Whatever a job or token task waits for, the recording says how it ended.
      endsWith: isSubmitted ? 'job' : 'answer',
      onlyWrites: true,
      parameters: (args) => parametersFor(name.resourceType, name.resource, args),
      submit: async (task) => this.#submit(task, isSubmitted),
      job: {
        idOf: (answer) => this.#lastJob(answer),
        outcome: async (_task, jobId) => closing(this.#jobs.get(jobId) ?? {}),
        cancel: async () => undefined,
      },
    };
  }

  async #submit({ stateName }: Task, isSubmitted: boolean): Promise<TaskOutcome> {
    const index = this.#used.get(stateName) ?? 0;
    this.#used.set(stateName, index + 1);
    const recorded = this.#tasks[stateName]?.[index] ?? {};
    if (isSubmitted && recorded.submitted !== undefined) {
      this.#jobs.set(String(this.#jobs.size), recorded);
      return { kind: 'succeeded', output: payloadOf(recorded.submitted) };
    }
    return closing(recorded) ?? NEVER;
  }

  #lastJob(_answer: Json): string {
    return String(this.#jobs.size - 1);
  }
}

function closing(recorded: RecordedTask): TaskOutcome | undefined {
  const { outcome, output = null, error, cause } = recorded;
  if (outcome === undefined) return undefined;
  if (outcome.endsWith('Succeeded')) return { kind: 'succeeded', output: payloadOf(output) };
  const failure: Failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause: textOf(cause) }) };
  return { kind: outcome.endsWith('TimedOut') ? 'timedOut' : 'failed', failure };
}

/** Recordings give objects as objects and every other payload as JSON text. */
function payloadOf(recorded: Json): Json {
  if (typeof recorded !== 'string') return recorded;
  try {
    return JSON.parse(recorded);
  } catch {
    return recorded;
  }
}

function parametersFor(resourceType: string, resource: string, args: Json): Json {
  const isJob = resourceType === 'ecs' && resource === 'runTask.sync';
  return isJob && isObject(args) ? { ...args, StartedBy: 'AWS Step Functions' } : args;
}
