import { beforeAll, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GithubAccess } from '../../lib/github-access.ts';

let template: Template;
beforeAll(() => {
  template = Template.fromStack(new GithubAccess(new App(), 'Access', { repository: 'owner/pulpit' }));
});

test('only pull requests and the environment prod of the one repository come in, and no other name fits', () => {
  const conditions = Object.values(template.findResources('AWS::IAM::Role')).map(
    ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0].Condition,
  );
  expect(conditions).toEqual(
    ['pull_request', 'environment:prod'].map((subject) => ({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': `repo:owner/pulpit:${subject}`,
      },
    })),
  );
});

test('the roles may do nothing but become bootstrap roles, and a pull request only the one that looks', () => {
  const statements = Object.entries(template.findResources('AWS::IAM::Policy')).map(([id, { Properties }]) => ({
    id,
    statements: Properties.PolicyDocument.Statement,
  }));
  for (const {
    id,
    statements: [statement, ...others],
  } of statements) {
    expect([id, statement.Action, others]).toEqual([id, 'sts:AssumeRole', []]);
    const uses = [...JSON.stringify(statement.Resource).matchAll(/cdk-hnb659fds-([a-z-]+)-role-/g)].map(([, use = '']) => use);
    expect([id, uses.toSorted()]).toEqual([
      id,
      id.startsWith('Diff') ? ['lookup'] : ['deploy', 'file-publishing', 'image-publishing', 'lookup'],
    ]);
  }
});

test('there is no custom resource and no function, and a provider that exists already is used', () => {
  expect(Object.keys(template.findResources('AWS::Lambda::Function'))).toEqual([]);
  const providerArn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
  const other = Template.fromStack(new GithubAccess(new App(), 'Access', { repository: 'owner/pulpit', providerArn }));
  expect(Object.keys(other.findResources('AWS::IAM::OIDCProvider'))).toEqual([]);
});

test('a repository without an owner is refused', () => {
  expect(() => new GithubAccess(new App(), 'Access', { repository: 'pulpit' })).toThrow('owner/name');
});
