import type { Cloud } from '../../cloud.ts';
import { isList, isObject, type Json } from '../json.ts';
import { callService, type ServiceAction } from './service-call.ts';
import type { Integration, Task, TaskOutcome } from './task-runner.ts';

/** How a `.sync` task follows the job that it started. */
export interface JobKind {
  /** Who publishes the events that tell of its end. */
  readonly eventSource: string;
  /** The job's id in such an event. */
  readonly idInEvent: (detail: Json) => string | undefined;
  readonly idOf: (answer: Json) => string;
  /** The call that describes a job, and the one that stops it. */
  readonly describe: (action: ServiceAction, jobId: string, task: Task) => readonly [ServiceAction, Task];
  readonly stop: (action: ServiceAction, jobId: string, task: Task) => readonly [ServiceAction, Task];
  /** How a described job came out; undefined while it runs. */
  readonly judge: (description: Json) => TaskOutcome | undefined;
}

/** Job kinds by `service:action`. */
export const JOB_KINDS: Readonly<Record<string, JobKind>> = {
  'mediaconvert:createJob': {
    eventSource: 'aws.mediaconvert',
    idInEvent: (detail) => textIn(detail, 'jobId'),
    idOf: (answer) => textIn(memberOf(answer, 'Job'), 'Id') ?? '',
    describe: (action, Id, task) => [plain(action, 'GetJob'), { ...task, arguments: { Id } }],
    stop: (action, Id, task) => [plain(action, 'CancelJob'), { ...task, arguments: { Id } }],
    judge: (description) => {
      const job = memberOf(description, 'Job');
      const status = textIn(job, 'Status');
      if (status === 'COMPLETE') return { kind: 'succeeded', output: description };
      return status === 'ERROR' || status === 'CANCELED' ? jobFailed(job) : undefined;
    },
  },
  'ecs:runTask': {
    eventSource: 'aws.ecs',
    idInEvent: (detail) => textIn(detail, 'taskArn'),
    idOf: (answer) => textIn(firstOf(answer, 'Tasks'), 'TaskArn') ?? '',
    describe: (action, arn, task) => [plain(action, 'DescribeTasks'), { ...task, arguments: { Cluster: clusterOf(task), Tasks: [arn] } }],
    stop: (action, arn, task) => [
      plain(action, 'StopTask'),
      { ...task, arguments: { Cluster: clusterOf(task), Task: arn, Reason: 'Stopped by AWS Step Functions' } },
    ],
    judge: (description) => {
      const task = firstOf(description, 'Tasks');
      if (textIn(task, 'LastStatus') !== 'STOPPED') return undefined;
      const containers = memberOf(task, 'Containers') ?? null;
      const ended = isList(containers) && containers.length > 0 && containers.every((container) => memberOf(container, 'ExitCode') === 0);
      return ended ? { kind: 'succeeded', output: task ?? null } : jobFailed(task);
    },
  },
};

/** Follows the jobs of an integration through the gateway. */
export function followJobs(cloud: Cloud, action: ServiceAction, kind: JobKind): NonNullable<Integration['job']> {
  return {
    idOf: (answer) => kind.idOf(answer),
    async outcome(task, jobId) {
      const described = await callService(cloud, ...kind.describe(action, jobId, task));
      // A job that the role may not see, or that is gone, can never end well.
      return described.kind === 'succeeded' ? kind.judge(described.output) : described;
    },
    async cancel(task, jobId) {
      const stopped = await callService(cloud, ...kind.stop(action, jobId, task));
      if (stopped.kind === 'failed') cloud.warn('a job could not be stopped', { jobId, ...stopped.failure });
    },
  };
}

function plain(action: ServiceAction, operation: string): ServiceAction {
  const { input: _input, outcome: _outcome, ...rest } = action;
  return { ...rest, operation };
}

function jobFailed(job: Json | undefined): TaskOutcome {
  return { kind: 'failed', failure: { error: 'States.TaskFailed', cause: JSON.stringify(job ?? null) } };
}

function clusterOf({ arguments: args }: Task): Json {
  return memberOf(args, 'Cluster') ?? 'default';
}

function memberOf(value: Json | undefined, member: string): Json | undefined {
  return isObject(value) ? value[member] : undefined;
}

function textIn(value: Json | undefined, member: string): string | undefined {
  const text = memberOf(value, member);
  return typeof text === 'string' ? text : undefined;
}

function firstOf(value: Json | undefined, member: string): Json | undefined {
  const list = memberOf(value, member);
  return isList(list) ? list[0] : undefined;
}
