import { expect, test } from '@jest/globals';
import { Iam } from '../../../local/gateway/iam/iam.ts';
import { compilePolicy, decide, type PolicyStatement } from '../../../local/gateway/iam/policy.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const decision = (statements: readonly PolicyStatement[], action: string, resource: string, context: Record<string, string> = {}) =>
  decide(compilePolicy({ Statement: statements }), { action, resource }, context);

test('nothing is allowed that no statement allows', () => {
  expect(decision([], 's3:GetObject', 'arn:aws:s3:::a/b')).toBe('implicit-deny');
});

test('wildcards cover actions without regard to case and resources with regard to it', () => {
  const statements = [{ Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::media/work/*' }];
  expect(decision(statements, 'S3:getobject', 'arn:aws:s3:::media/work/a/b')).toBe('allow');
  expect(decision(statements, 's3:GetObject', 'arn:aws:s3:::MEDIA/work/a')).toBe('implicit-deny');
  expect(decision(statements, 's3:PutObject', 'arn:aws:s3:::media/work/a')).toBe('implicit-deny');
});

test('a dot in a resource is a dot', () => {
  expect(decision([{ Effect: 'Allow', Action: '*', Resource: 'arn:a.b' }], 'x:Y', 'arn:aXb')).toBe('implicit-deny');
});

test('an explicit deny wins over any allow', () => {
  const statements = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
  ];
  expect(decision(statements, 's3:DeleteObject', 'arn:aws:s3:::a/b')).toBe('explicit-deny');
});

test('NotAction allows everything else', () => {
  const statements = [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }];
  expect(decision(statements, 's3:GetObject', 'x')).toBe('allow');
  expect(decision(statements, 'iam:PassRole', 'x')).toBe('implicit-deny');
});

const passRole = (operator: string) => [
  {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { [operator]: { 'iam:PassedToService': 'mediaconvert.amazonaws.com' } },
  },
];
const to = (service: string) => ({ 'iam:PassedToService': service });

test('a condition holds only for the values it names; a missing key fails it, unless IfExists', () => {
  expect(decision(passRole('StringEquals'), 'iam:PassRole', 'r', to('mediaconvert.amazonaws.com'))).toBe('allow');
  expect(decision(passRole('StringEquals'), 'iam:PassRole', 'r', to('ecs.amazonaws.com'))).toBe('implicit-deny');
  expect(decision(passRole('StringEquals'), 'iam:PassRole', 'r')).toBe('implicit-deny');
  expect(decision(passRole('StringEqualsIfExists'), 'iam:PassRole', 'r')).toBe('allow');
});

test('an unknown condition operator stops the deployment instead of being guessed', () => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } };
  expect(() => compilePolicy({ Statement: statement })).toThrow(/DateLessThan, which the local cloud does not know/);
});

test('a refusal names principal, action, resource and the kind of policy', () => {
  const store = new Store({ folder: tempFolder() });
  const iam = new Iam(store, '000000000000');
  const arn = iam.defineRole('reader');
  expect(() => iam.authorize({ kind: 'role', arn }, [{ action: 's3:GetObject', resource: 'arn:aws:s3:::a/b' }])).toThrow(
    'User: arn:aws:iam::000000000000:role/reader is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::a/b because no identity-based policy allows the s3:GetObject action',
  );
  store.close();
});

test('a role keeps its keys across restarts', () => {
  const folder = tempFolder();
  const keysOf = () => {
    const store = new Store({ folder });
    const iam = new Iam(store, '000000000000');
    const keys = iam.credentialsFor(iam.defineRole('reader'));
    store.close();
    return keys;
  };
  expect(keysOf()).toEqual(keysOf());
});
