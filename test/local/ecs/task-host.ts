import { createEcs } from '../../../local/ecs/ecs.ts';
import { BareCloud } from '../s3/bare-cloud.ts';

/** Prepares a cloud with one cluster and one task definition whose image lies in `<folder>/assembly/image`. */
export async function openEcs(folder: string, lines: string[] = []): Promise<BareCloud> {
  const bare = new BareCloud(folder);
  bare.assets.load(`${folder}/assembly`, 'test.assets.json');
  const part = bare.add(
    createEcs(bare.cloud, { observability: { putLog: (group, stream, line) => void lines.push(`${group} ${stream} ${line}`) } }),
  );
  await bare.deploy('AWS::ECS::Cluster', 'cluster', {});
  await bare.deploy('AWS::ECS::TaskDefinition', 'task', {
    Family: 'embedding',
    Cpu: '1024',
    Memory: '512',
    TaskRoleArn: 'arn:aws:iam::000000000000:role/task',
    ContainerDefinitions: [
      {
        Name: 'embedding',
        Image: 'registry/assets:tag1',
        Environment: [{ Name: 'FROM_DEFINITION', Value: 'yes' }],
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'logs', 'awslogs-stream-prefix': 'prefix' } },
      },
    ],
  });
  await part.start?.();
  return bare;
}

// Run as a program: starts a task in the folder that it is given and tells its ARN, for a test that kills it.
if (process.argv[1] === import.meta.filename) {
  const bare = await openEcs(process.argv[2] ?? '');
  const { tasks } = await bare.call('ecs', 'RunTask', {
    cluster: 'cluster',
    taskDefinition: 'embedding',
    overrides: { containerOverrides: [{ name: 'embedding', environment: [{ name: 'MODE', value: 'wait' }] }] },
  });
  process.send?.(tasks[0].taskArn);
}
