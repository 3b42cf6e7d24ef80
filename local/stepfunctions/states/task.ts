import type { TaskState } from '../definition/state-machine.ts';
import { failState, told } from '../engine/fail-state.ts';
import { leaveState, tooLarge } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { TaskActivity, Thread } from '../engine/thread.ts';
import { evaluate, evaluateCount, type Scope } from '../expressions/evaluate.ts';
import { payload } from '../history/history-event.ts';
import type { Json } from '../json.ts';
import { isTooLarge, StateFailedError, type Failure } from '../state-failure.ts';
import type { Integration, TaskOutcome } from '../tasks/task-runner.ts';
import { newToken } from './task-token.ts';

/** Writes down what is to be done, with every time limit; only after that is anybody asked. */
export async function beginTask(run: Run, thread: Thread, state: TaskState): Promise<void> {
  const integration = run.integration(state.resource);
  const token = integration.endsWith === 'token' ? newToken(run.execution.id, thread.id) : undefined;
  const scope = scopeOf(run, thread, token === undefined ? {} : { taskToken: token });
  const timeoutSeconds = await seconds(state.timeoutSeconds, 'TimeoutSeconds', scope);
  const heartbeatSeconds = await seconds(state.heartbeatSeconds, 'HeartbeatSeconds', scope);
  const args = state.arguments === undefined ? thread.input : await evaluate(state.arguments, 'Arguments', scope);
  const parameters = JSON.stringify(integration.parameters?.(args) ?? args);
  if (isTooLarge(parameters)) throw new StateFailedError({ error: 'States.DataLimitExceeded', cause: tooLarge(state.name) });
  const limits = {
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  };
  const { resource, resourceType } = integration;
  const scheduledEventId =
    integration.events === 'LambdaFunction'
      ? run.append(thread, 'LambdaFunctionScheduled', { resource, ...payload('input', parameters), ...limits })
      : run.append(thread, 'TaskScheduled', { resourceType, resource, region: run.services.region, parameters, ...limits });
  thread.activity = {
    kind: 'task',
    scheduledEventId,
    phase: 'scheduled',
    ...(token !== undefined && { token }),
    ...(timeoutSeconds !== undefined && { deadline: run.now + timeoutSeconds * 1000 }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds, heartbeatDeadline: run.now + heartbeatSeconds * 1000 }),
  };
  run.touch(thread);
  run.effects.push(() => run.services.perform(run, thread));
}

/** Notes that somebody is being asked. */
export function startTask(run: Run, thread: Thread, activity: TaskActivity, integration: Integration): void {
  if (integration.events === 'LambdaFunction') run.append(thread, 'LambdaFunctionStarted');
  else run.append(thread, 'TaskStarted', { resourceType: integration.resourceType, resource: integration.resource });
  thread.activity = { ...activity, phase: 'started' };
}

/** Takes the answer of whoever was asked: the result itself, or that a job or a token holder is at it now. */
export async function answerTask(run: Run, thread: Thread, state: TaskState, activity: TaskActivity, outcome: TaskOutcome): Promise<void> {
  const integration = run.integration(state.resource);
  if (outcome.kind !== 'succeeded' || integration.endsWith === 'answer') return endTask(run, thread, state, outcome);
  const { resourceType, resource, job, endsWith } = integration;
  run.append(thread, 'TaskSubmitted', { resourceType, resource, ...payload('output', JSON.stringify(outcome.output)) });
  thread.activity = {
    ...activity,
    phase: 'submitted',
    ...(job !== undefined && endsWith === 'job' && { jobId: job.idOf(outcome.output) }),
  };
  if (endsWith === 'job') run.effects.push(() => run.services.follow(run, thread));
}

/** Ends the task and with it the state, or retries or catches its failure. */
export async function endTask(run: Run, thread: Thread, state: TaskState, outcome: TaskOutcome): Promise<void> {
  const integration = run.integration(state.resource);
  if (outcome.kind !== 'succeeded') return loseTask(run, thread, integration, outcome);
  const text = JSON.stringify(outcome.output);
  const { events, resourceType, resource } = integration;
  if (isTooLarge(text)) {
    const cause = tooLarge(events === 'Task' ? resourceType : resource);
    return loseTask(run, thread, integration, { kind: 'failed', failure: { error: 'States.DataLimitExceeded', cause } });
  }
  if (events === 'LambdaFunction') run.append(thread, 'LambdaFunctionSucceeded', payload('output', text));
  else run.append(thread, 'TaskSucceeded', { resourceType, resource, ...payload('output', text) });
  await leaveState(run, thread, { exit: state, output: outcome.output, moment: { result: outcome.output } });
}

/** Why a task's time is up. A missed heartbeat is a States.Timeout in recorded histories; handlers may use either name. */
export function timeUp({ deadline = Number.POSITIVE_INFINITY }: TaskActivity, now: number): Failure {
  return { error: 'States.Timeout', ...(now < deadline && { alsoKnownAs: 'States.HeartbeatTimeout' }) };
}

async function loseTask(
  run: Run,
  thread: Thread,
  integration: Integration,
  outcome: Exclude<TaskOutcome, { kind: 'succeeded' }>,
): Promise<void> {
  const ending = outcome.kind === 'failed' ? 'Failed' : 'TimedOut';
  const { events, resourceType, resource } = integration;
  if (events === 'LambdaFunction') run.append(thread, `LambdaFunction${ending}`, told(outcome.failure));
  else run.append(thread, `Task${ending}`, { resourceType, resource, ...told(outcome.failure) });
  await failState(run, thread, new StateFailedError(outcome.failure));
}

async function seconds(template: Json | undefined, field: string, scope: Scope): Promise<number | undefined> {
  return template === undefined ? undefined : evaluateCount(template, field, scope);
}
