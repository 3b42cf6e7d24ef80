import type { Cloud, CloudPart } from '../cloud.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import type { Service } from '../gateway/service.ts';
import { Clusters } from './clusters.ts';
import { NETWORK_RESOURCES } from './network-resources.ts';
import { runTask, type EcsContext } from './run-task.ts';
import { TaskDefinitions } from './task-definitions.ts';
import { describeTasks, stopTask } from './task-operations.ts';
import { Tasks, type LogSink } from './tasks.ts';

export interface EcsOptions {
  /** Takes what containers write. @default it is dropped */
  readonly observability?: LogSink;
}

/** ECS on Fargate: a task is its image's program as a child process, with the task role's credentials. */
export function createEcs(cloud: Cloud, { observability }: EcsOptions = {}): CloudPart & { readonly service: Service } {
  const clusters = new Clusters(cloud);
  const definitions = new TaskDefinitions(cloud);
  const tasks = new Tasks(cloud, definitions, observability);
  const context: EcsContext = { cloud, clusters, definitions, tasks };
  return {
    resources: {
      ...NETWORK_RESOURCES,
      'AWS::ECS::Cluster': clusters.provider,
      'AWS::ECS::TaskDefinition': definitions.provider,
      'AWS::ECS::ClusterCapacityProviderAssociations': ({ properties }) => ({ ref: String(properties['Cluster']) }),
    },
    service: {
      signingName: 'ecs',
      codec: awsJson({ targetPrefix: 'AmazonEC2ContainerServiceV20141113', version: '1.1' }),
      operations: { RunTask: runTask(context), DescribeTasks: describeTasks(context), StopTask: stopTask(context) },
    },
    start: () => tasks.start(),
    stop: () => tasks.stop(),
  };
}
