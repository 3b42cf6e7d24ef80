import { createHash, randomBytes } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation, Permission } from '../gateway/service.ts';
import type { Clusters } from './clusters.ts';
import type { TaskDefinition, TaskDefinitions } from './task-definitions.ts';
import { shown, type TaskDescription } from './task-table.ts';
import type { Tasks } from './tasks.ts';

// ECS's limit on one call.
const MOST_STARTED_AT_ONCE = 10;

/** What the operations work on. */
export interface EcsContext {
  readonly cloud: Cloud;
  readonly clusters: Clusters;
  readonly definitions: TaskDefinitions;
  readonly tasks: Tasks;
}

/** RunTask: with a client token, asking again gives the tasks that were started before. */
export function runTask(context: EcsContext): Operation {
  const { cloud, clusters, definitions, tasks } = context;
  return {
    permissions: (input) => runPermissions(context, input),
    run(input) {
      const clusterArn = clusters.get(input['cluster']);
      const definition = definitions.get(String(input['taskDefinition']));
      const count = Number(input['count'] ?? 1);
      if (!Number.isInteger(count) || count < 1 || count > MOST_STARTED_AT_ONCE) {
        throw new AwsError('InvalidParameterException', `count is ${String(input['count'])}; it must be 1 to ${MOST_STARTED_AT_ONCE}`);
      }
      checkOverrides(definition, input);
      const clientToken = input['clientToken'] === undefined ? undefined : String(input['clientToken']);
      const request = createHash('sha256').update(JSON.stringify(input)).digest('hex');
      return cloud.store.write(() => {
        const earlier = clientToken === undefined ? undefined : tasks.table.startedBy(clientToken);
        if (earlier !== undefined && earlier.request !== request) {
          throw new AwsError(
            'ConflictException',
            'The clientToken was used before with other parameters; use a new one for another request',
          );
        }
        if (earlier !== undefined) return { tasks: earlier.tasks.map(shown), failures: [] };
        const started = Array.from({ length: count }, () => describeNew(clusterArn, definition, input));
        for (const task of started) tasks.add(task, clientToken, request);
        return { tasks: started.map(shown), failures: [] };
      });
    },
  };
}

/** RunTask itself, and passing the roles that the task will have. */
function runPermissions({ clusters, definitions }: EcsContext, input: Members): readonly Permission[] {
  const name = String(input['taskDefinition']);
  const definition = definitions.find(name);
  const roles = [definition?.taskRoleArn, definition?.executionRoleArn].filter((role) => role !== undefined);
  return [
    { action: 'ecs:RunTask', resource: definitions.arnOf(name), context: { 'ecs:cluster': clusters.arnOf(input['cluster']) } },
    ...roles.map((resource) => ({ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } })),
  ];
}

function checkOverrides({ container }: TaskDefinition, input: Members): void {
  const overrides = (input['overrides']?.['containerOverrides'] ?? []) as readonly Members[];
  const stranger = overrides.find(({ name }) => name !== container.name);
  if (stranger !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `Override for container named ${String(stranger['name'])} is not a container in the TaskDefinition.`,
    );
  }
}

function describeNew(clusterArn: string, definition: TaskDefinition, input: Members): TaskDescription {
  const taskId = randomBytes(16).toString('hex');
  const taskArn = `${clusterArn.replace(':cluster/', ':task/')}/${taskId}`;
  const { container, cpu, memory } = definition;
  return {
    taskArn,
    clusterArn,
    taskDefinitionArn: definition.arn,
    group: String(input['group'] ?? `family:${definition.family}`),
    launchType: 'FARGATE',
    platformFamily: 'Linux',
    platformVersion: String(input['platformVersion'] ?? '1.4.0'),
    cpu,
    memory,
    ...(input['startedBy'] === undefined ? {} : { startedBy: String(input['startedBy']) }),
    desiredStatus: 'RUNNING',
    lastStatus: 'PROVISIONING',
    createdAt: new Date().toISOString(),
    version: 1,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...(input['overrides'] as Members | undefined) },
    tags: (input['tags'] ?? []) as unknown,
    attachments: [],
    containers: [
      {
        containerArn: `${taskArn.replace(':task/', ':container/')}/${randomBytes(16).toString('hex')}`,
        taskArn,
        name: container.name,
        image: container.image,
        lastStatus: 'PENDING',
        networkInterfaces: [],
        cpu: '0',
      },
    ],
  };
}
