import { expect, test } from '@jest/globals';
import { versionResources } from '../../../local/stepfunctions/versions.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:publish';
const store = new Store({ folder: tempFolder(), synchronous: 'NORMAL' });

async function deploy(kind: 'Version' | 'Alias', properties: Record<string, unknown>): Promise<string | undefined> {
  const type = `AWS::StepFunctions::StateMachine${kind}`;
  const deployed = await versionResources(store)[type]?.({ type, stackName: 'S', logicalId: kind, physicalName: 'live', properties });
  return deployed?.attributes?.['Arn'];
}

const version = (StateMachineRevisionId: string) => deploy('Version', { StateMachineArn: machine, StateMachineRevisionId });

test('a new revision gets the next number, and a known one keeps its own', async () => {
  expect([await version('a'), await version('a'), await version('b'), await version('a')]).toEqual(
    [1, 1, 2, 1].map((number) => `${machine}:${number}`),
  );
});

test('an alias is named below its state machine, and points to one version', async () => {
  const route = { StateMachineVersionArn: `${machine}:1`, Weight: 50 };
  expect(await deploy('Alias', { Name: 'live', RoutingConfiguration: [{ ...route, Weight: 100 }] })).toBe(`${machine}:live`);
  await expect(deploy('Alias', { RoutingConfiguration: [route, route] })).rejects.toThrow('must point to one version');
});
