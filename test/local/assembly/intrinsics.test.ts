import { expect, test } from '@jest/globals';
import { deployStacks, deploymentOrder, physicalNameFor } from '../../../local/assembly/deploy.ts';
import { loadAssembly } from '../../../local/assembly/load-assembly.ts';
import { resolveIntrinsics, type Scope } from '../../../local/assembly/intrinsics.ts';

const scope: Scope = {
  region: 'us-east-1',
  mappings: { sizes: { small: { cpu: '256' } } },
  ref: (name) => (name === 'AWS::NoValue' ? undefined : `ref-${name}`),
  attribute: (id, name) => `${id}/${name}`,
  imported: (name) => `imported-${name}`,
};

test.each([
  [{ Ref: 'A' }, 'ref-A'],
  [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'A/Arn'],
  [{ 'Fn::GetAtt': 'A.Stream.Arn' }, 'A/Stream.Arn'],
  [{ 'Fn::Join': ['', ['x', { Ref: 'A' }, 1]] }, 'xref-A1'],
  [{ 'Fn::Sub': ['${A}-${A.Arn}-${mine}-${!Literal}', { mine: { Ref: 'B' } }] }, 'ref-A-A/Arn-ref-B-${Literal}'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
  [{ 'Fn::ImportValue': 'X' }, 'imported-X'],
  [{ 'Fn::FindInMap': ['sizes', 'small', 'cpu'] }, '256'],
  [{ 'Fn::Base64': 'hi' }, 'aGk='],
  [{ kept: 1, dropped: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
])('%j gives %j', (value, expected) => {
  expect(resolveIntrinsics(value, scope)).toEqual(expected);
});

test('an unknown intrinsic is refused by name', () => {
  expect(() => resolveIntrinsics({ 'Fn::Transform': {} }, scope)).toThrow(/Fn::Transform, which the local cloud does not know/);
});

const stack = (resources: Record<string, { Type: string; Properties?: Record<string, unknown>; DependsOn?: string }>) => ({
  id: 'S',
  stackName: 'S',
  assetManifest: '',
  template: { Resources: resources, Outputs: { Out: { Value: { 'Fn::GetAtt': ['B', 'Arn'] } } } },
});

test('a resource is deployed after everything it refers to or depends on', () => {
  const { template } = stack({
    B: { Type: 'T', Properties: { x: { 'Fn::Sub': '${C.Arn}' } } },
    A: { Type: 'T', DependsOn: 'B' },
    C: { Type: 'T' },
  });
  expect(deploymentOrder(template)).toEqual(['C', 'B', 'A']);
});

test('resources that need each other are refused with their names', () => {
  const { template } = stack({ A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', Properties: { a: { Ref: 'A' } } } });
  expect(() => deploymentOrder(template)).toThrow('A -> B -> A');
});

test('all unknown resource types are named before anything is deployed', async () => {
  const deployed: string[] = [];
  const providers = {
    Known: ({ logicalId }: { logicalId: string }) => {
      deployed.push(logicalId);
      return { ref: logicalId };
    },
  };
  const unknown = stack({ A: { Type: 'Known' }, B: { Type: 'AWS::Odd::Thing' }, C: { Type: 'AWS::Odder::Thing' } });
  await expect(deployStacks([unknown], providers, { accountId: '0', region: 'r' })).rejects.toThrow(
    /S\/B is an AWS::Odd::Thing[^]*S\/C is an AWS::Odder::Thing/,
  );
  expect(deployed).toEqual([]);
});

test('outputs carry resolved values', async () => {
  const providers = {
    T: ({ physicalName }: { physicalName: string }) => ({ ref: physicalName, attributes: { Arn: `arn:${physicalName}` } }),
  };
  const outputs = await deployStacks([stack({ B: { Type: 'T' } })], providers, { accountId: '0', region: 'r' });
  expect(outputs).toEqual({ S: { Out: 'arn:s-b' } });
});

test('a physical name is stable, valid for a bucket, and differs where the long part is cut off', () => {
  const [one, two] = ['A', 'B'].map((end) => physicalNameFor('Pulpit-local-Service', `${'VeryLong'.repeat(10)}${end}`));
  expect(one).toHaveLength(63);
  expect(one).toMatch(/^[a-z0-9-]+$/);
  expect(one).not.toBe(two);
});

test('a folder without an assembly is refused with what to do', () => {
  expect(() => loadAssembly(import.meta.dirname)).toThrow(/holds no cloud assembly .*; synthesize stage local into it/);
});
