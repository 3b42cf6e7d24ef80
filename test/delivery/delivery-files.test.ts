import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..', '..');
const text = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const { scripts, devDependencies } = JSON.parse(text('package.json'));

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly 'runs-on': string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(join(root, '.github', 'workflows')).map((file): [string, Workflow] => [
  file,
  // Duplicate keys and bad indentation throw.
  parse(text('.github', 'workflows', file), { strict: true, uniqueKeys: true }),
]);
const jobs = workflows.flatMap(([file, workflow]) => Object.entries(workflow.jobs).map(([id, job]) => ({ file, id, job })));

test('a workflow reads the repository and nothing more; only a job that goes to AWS has an identity, and it gets its role by it', () => {
  for (const [file, workflow] of workflows) expect([file, workflow.permissions]).toEqual([file, { contents: 'read' }]);
  for (const { id, job } of jobs) {
    const roles = job.steps.filter(({ uses = '' }) => uses.startsWith('aws-actions/')).map((step) => step.with?.['role-to-assume']);
    expect([id, job.permissions]).toEqual([id, roles.length === 0 ? undefined : { contents: 'read', 'id-token': 'write' }]);
    for (const role of roles) expect(role).toMatch(/^\$\{\{ vars\.AWS_(DIFF|DEPLOY)_ROLE_ARN \}\}$/);
  }
  // A stored key would be a secret.
  for (const [file] of workflows) expect(text('.github', 'workflows', file)).not.toMatch(/secrets\./);
});

test('every job ends by itself, calls only npm scripts that exist, and leaves no token behind', () => {
  for (const { id, job } of jobs) {
    expect([id, job['timeout-minutes']]).toEqual([id, expect.any(Number)]);
    const called = job.steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (\S+)/g)].map(([, name = '']) => name));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called));
    for (const { uses = '', with: options } of job.steps) {
      if (uses.startsWith('actions/checkout')) expect([id, options?.['persist-credentials']]).toEqual([id, false]);
    }
  }
});

test('tags alone deploy, from the protected environment, on a machine of the architecture of the image', () => {
  const deploying = jobs.filter(({ job }) => job.steps.some(({ run = '' }) => /npm run deploy|cdk deploy/.test(run)));
  expect(deploying.map(({ file, job }) => [file, job.environment, job['runs-on']])).toEqual([['deploy.yml', 'prod', 'ubuntu-24.04-arm']]);
  expect(Object.fromEntries(workflows)['deploy.yml']?.on).toEqual({ push: { tags: ['v*'] } });
});

test('updates leave the command line of the CDK below 3, where it is pinned exactly', () => {
  const { packageRules } = JSON.parse(text('renovate.json')) as {
    packageRules: { matchPackageNames: string[]; allowedVersions?: string }[];
  };
  const rule = packageRules.find(
    ({ matchPackageNames: names, allowedVersions }) => names.includes('aws-cdk') && allowedVersions !== undefined,
  );
  expect(rule?.allowedVersions).toBe('<3.0.0');
  expect(devDependencies['aws-cdk']).toMatch(/^2\.\d+\.\d+$/);
});

test('the development container brings what setup would install, so that both commands begin at once', () => {
  const { postCreateCommand, forwardPorts } = JSON.parse(text('.devcontainer', 'devcontainer.json'));
  const packages = [...text('setup.mjs').matchAll(/apt: \[(.+?)\]/g)].flatMap(([, list = '']) => [...list.matchAll(/'(.+?)'/g)]);
  for (const [, name] of packages) expect(postCreateCommand.split(' ')).toContain(name);
  expect(forwardPorts).toEqual([4566, 8080]);
});
