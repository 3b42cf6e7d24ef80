import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import type { EcsContext } from './run-task.ts';
import { shown } from './task-table.ts';

/** DescribeTasks: tasks that are not there are listed as failures. */
export function describeTasks(context: EcsContext): Operation {
  return {
    permissions: (input) =>
      arnsOf(context, input['cluster'], input['tasks']).map((resource) => ({ action: 'ecs:DescribeTasks', resource })),
    run(input) {
      context.clusters.get(input['cluster']);
      const arns = arnsOf(context, input['cluster'], input['tasks']);
      const found = arns.map((arn) => ({ arn, task: context.tasks.table.find(arn) }));
      return {
        tasks: found.flatMap(({ task }) => (task === undefined ? [] : [shown(task)])),
        failures: found.flatMap(({ arn, task }) => (task === undefined ? [{ arn, reason: 'MISSING' }] : [])),
      };
    },
  };
}

/** StopTask: SIGTERM, and SIGKILL after the container's stop timeout. */
export function stopTask(context: EcsContext): Operation {
  return {
    permissions: (input) => arnsOf(context, input['cluster'], [input['task']]).map((resource) => ({ action: 'ecs:StopTask', resource })),
    run(input) {
      context.clusters.get(input['cluster']);
      const [arn = ''] = arnsOf(context, input['cluster'], [input['task']]);
      return context.cloud.store.write(() => {
        const task = context.tasks.table.find(arn);
        if (task === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
        return { task: shown(context.tasks.requestStop(task, String(input['reason'] ?? 'Task stopped by user'))) };
      });
    },
  };
}

function arnsOf({ clusters }: EcsContext, cluster: unknown, tasks: unknown): readonly string[] {
  if (!Array.isArray(tasks) || tasks.length === 0) throw new AwsError('InvalidParameterException', 'Tasks cannot be empty.');
  const prefix = clusters.arnOf(cluster).replace(':cluster/', ':task/');
  return tasks.map((task) => (String(task).startsWith('arn:') ? String(task) : `${prefix}/${String(task)}`));
}
