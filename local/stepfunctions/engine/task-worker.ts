import type { HistoryTable } from '../history/history-table.ts';
import { parseJson } from '../json.ts';
import { answerTask, endTask, startTask } from '../states/task.ts';
import type { Task, TaskOutcome } from '../tasks/task-runner.ts';
import { guarded } from './advance.ts';
import type { Run } from './run.ts';
import type { TaskActivity, Thread } from './thread.ts';

/** What the worker needs of the engine. */
export interface TaskWorkerOptions {
  readonly history: HistoryTable;
  /** Resolves once everything written so far is on disk. */
  committed(): Promise<void>;
  /** Does something to a run when its turn comes. */
  post(run: Run, work: () => Promise<void>): Promise<unknown>;
}

/** Asks for tasks and carries their answers back, each at least once, however often the process dies in between. */
export class TaskWorker {
  readonly #options: TaskWorkerOptions;

  constructor(options: TaskWorkerOptions) {
    this.#options = options;
  }

  /** Asks for a task that is scheduled. */
  perform(run: Run, thread: Thread): void {
    const id = thread.activity.kind === 'task' ? thread.activity.scheduledEventId : 0;
    void this.#options.post(run, async () => {
      const activity = current(run, thread, id);
      if (activity?.phase !== 'scheduled') return;
      await guarded(run, thread, async () => {
        startTask(run, thread, activity, integrationOf(run, thread));
        run.effects.push(() => void this.#ask(run, thread, id));
      });
    });
  }

  /** Takes up what an earlier process left: whoever was asked is asked again, without a new event; a job is looked at. */
  resume(run: Run, thread: Thread): void {
    const { activity, status } = thread;
    if (status !== 'running') return;
    if (activity.kind === 'enter' || activity.kind === 'begin') run.ready.push(thread);
    if (activity.kind !== 'task') return;
    if (activity.phase === 'scheduled') this.perform(run, thread);
    else if (activity.phase === 'started') void this.#ask(run, thread, activity.scheduledEventId);
    else if (activity.jobId !== undefined) this.follow(run, thread);
  }

  /** Looks how a job came out, and ends its task if it did. */
  follow(run: Run, thread: Thread): void {
    void this.#look(run, thread);
  }

  /** How to stop the job that a thread waits for; to be asked while the thread still does, and called once that is written. */
  canceller(run: Run, thread: Thread, { scheduledEventId, jobId }: TaskActivity): () => void {
    const { job } = integrationOf(run, thread);
    if (job === undefined || jobId === undefined) return () => undefined;
    const task = this.#task(run, thread, scheduledEventId);
    return () => void job.cancel(task, jobId);
  }

  async #ask(run: Run, thread: Thread, scheduledEventId: number): Promise<void> {
    const integration = integrationOf(run, thread);
    const task = this.#task(run, thread, scheduledEventId);
    // What is done outside must never precede a history that a crash then loses.
    if (integration.onlyWrites !== true) await this.#options.committed();
    const outcome = await integration.submit(task);
    await this.#options.post(run, async () => {
      const activity = current(run, thread, scheduledEventId);
      const state = activity === undefined ? undefined : run.stateOf(thread);
      if (activity?.phase === 'started' && state?.type === 'Task') {
        await guarded(run, thread, () => answerTask(run, thread, state, activity, outcome));
      } else if (outcome.kind === 'succeeded') {
        // The task timed out or was aborted meanwhile: nobody waits for this job.
        const { job } = integration;
        void job?.cancel(task, job.idOf(outcome.output));
      }
    });
  }

  async #look(run: Run, thread: Thread): Promise<void> {
    // An event may come from the middle of the write that ends the job.
    await Promise.resolve();
    const { activity } = thread;
    if (activity.kind !== 'task' || activity.jobId === undefined) return;
    const { scheduledEventId, jobId } = activity;
    const outcome = await integrationOf(run, thread).job?.outcome(this.#task(run, thread, scheduledEventId), jobId);
    if (outcome === undefined) return;
    await this.#options.post(run, async () => {
      if (current(run, thread, scheduledEventId) === undefined) return;
      const state = run.stateOf(thread);
      if (state.type !== 'Task') return;
      await guarded(run, thread, () => endTask(run, thread, state, outcome));
    });
  }

  #task(run: Run, thread: Thread, scheduledEventId: number): Task {
    const { execution } = run;
    const details = this.#options.history.one(execution.id, scheduledEventId)?.details;
    const parameters = details?.['parameters'] ?? details?.['input'];
    return {
      executionArn: execution.arn,
      roleArn: execution.roleArn,
      stateName: thread.state,
      arguments: typeof parameters === 'string' ? parseJson(parameters) : null,
    };
  }
}

/** Ends the task that waits for a token. @returns whether it still did */
export async function endByToken(run: Run, thread: Thread, token: string, outcome: TaskOutcome): Promise<boolean> {
  if (holding(run, thread, token) === undefined) return false;
  const state = run.stateOf(thread);
  if (state.type !== 'Task') return false;
  await guarded(run, thread, () => endTask(run, thread, state, outcome));
  return true;
}

/** Moves the heartbeat's deadline. @returns whether the task still waited for the token */
export function extendHeartbeat(run: Run, thread: Thread, token: string): boolean {
  const activity = holding(run, thread, token);
  if (activity === undefined) return false;
  const { heartbeatSeconds } = activity;
  if (heartbeatSeconds !== undefined) {
    thread.activity = { ...activity, heartbeatDeadline: run.now + heartbeatSeconds * 1000 };
    run.touch(thread);
  }
  return true;
}

function holding(run: Run, thread: Thread, token: string): TaskActivity | undefined {
  const { activity } = thread;
  if (activity.kind !== 'task' || activity.token !== token) return undefined;
  return current(run, thread, activity.scheduledEventId);
}

/** The task as it stands, if the thread is still at it. */
function current(run: Run, thread: Thread, scheduledEventId: number): TaskActivity | undefined {
  const { activity } = thread;
  if (!run.isRunning || run.threads.get(thread.id) !== thread || thread.status !== 'running') return undefined;
  return activity.kind === 'task' && activity.scheduledEventId === scheduledEventId ? activity : undefined;
}

function integrationOf(run: Run, thread: Thread): ReturnType<Run['integration']> {
  const state = run.stateOf(thread);
  if (state.type !== 'Task') throw new Error(`the state ${state.name} is no Task`);
  return run.integration(state.resource);
}
