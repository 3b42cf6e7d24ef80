import { createHash } from 'node:crypto';
import { resolveDynamicReferences, type DynamicReferences } from './dynamic-references.ts';
import { referencesIn, resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { StackArtifact, Template } from './load-assembly.ts';
import type { DeployedResource, ResourceProviders } from './resource-provider.ts';

/** The account that stacks are deployed into. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  /** @default none: a template that has one is refused */
  readonly dynamicReferences?: DynamicReferences;
}

/** Outputs of deployed stacks: stack name -> output -> value. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Deploys stacks one after the other, each resource after those it refers to.
 * @throws UnsupportedTemplateError naming every resource type without a provider, before anything is deployed
 */
export async function deployStacks(
  stacks: readonly StackArtifact[],
  providers: ResourceProviders,
  account: Account,
): Promise<StackOutputs> {
  refuseUnknown(stacks, providers);
  const exports = new Map<string, string>();
  const outputs: Record<string, Record<string, string>> = {};
  for (const stack of stacks) outputs[stack.stackName] = await deployStack(stack, providers, account, exports);
  return outputs;
}

/** Raised when a template asks for something that the local cloud has not got. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}

function refuseUnknown(stacks: readonly StackArtifact[], providers: ResourceProviders): void {
  const unknown = stacks.flatMap(({ stackName, template }) => [
    ...Object.entries(template.Resources)
      .filter(([, { Type }]) => providers[Type] === undefined)
      .map(([logicalId, { Type }]) => `${stackName}/${logicalId} is an ${Type}`),
    ...Object.keys(template.Conditions ?? {}).map((name) => `${stackName} has the condition ${name}; decide at synth instead`),
  ]);
  if (unknown.length > 0) {
    throw new UnsupportedTemplateError(`the local cloud does not know everything in this assembly:\n  ${unknown.join('\n  ')}`);
  }
}

async function deployStack(
  stack: StackArtifact,
  providers: ResourceProviders,
  account: Account,
  exports: Map<string, string>,
): Promise<Record<string, string>> {
  const deployed = new Map<string, DeployedResource>();
  const scope = stackScope(stack, account, deployed, exports);
  for (const logicalId of deploymentOrder(stack.template)) {
    const resource = stack.template.Resources[logicalId];
    const provider = resource && providers[resource.Type];
    if (resource === undefined || provider === undefined) continue;
    try {
      const resolved = resolveIntrinsics(resource.Properties ?? {}, scope);
      const properties = resolveDynamicReferences(resolved, account.dynamicReferences ?? {}) as Record<string, unknown>;
      const physicalName = physicalNameFor(stack.stackName, logicalId);
      deployed.set(logicalId, await provider({ type: resource.Type, stackName: stack.stackName, logicalId, physicalName, properties }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${stack.stackName}/${logicalId} (${resource.Type}) cannot be deployed: ${reason}`, { cause: error });
    }
  }
  return resolveOutputs(stack.template, scope, exports);
}

function resolveOutputs(template: Template, scope: Scope, exports: Map<string, string>): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    const value = String(resolveIntrinsics(output.Value, scope));
    outputs[name] = value;
    if (output.Export !== undefined) exports.set(String(resolveIntrinsics(output.Export.Name, scope)), value);
  }
  return outputs;
}

function stackScope(
  { stackName, template }: StackArtifact,
  { accountId, region }: Account,
  deployed: ReadonlyMap<string, DeployedResource>,
  exports: ReadonlyMap<string, string>,
): Scope {
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${stackName}`;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': stackId,
    'AWS::NoValue': undefined,
  };
  const found = (logicalId: string): DeployedResource => {
    const resource = deployed.get(logicalId);
    if (resource === undefined) throw new Error(`${logicalId} is referred to before it is deployed`);
    return resource;
  };
  return {
    region,
    mappings: template.Mappings ?? {},
    ref: (name) => {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters?.[name];
      return parameter === undefined ? found(name).ref : parameter.Default;
    },
    attribute: (logicalId, attribute) => {
      const value = found(logicalId).attributes?.[attribute];
      if (value === undefined) throw new Error(`${logicalId} has no attribute ${attribute} in the local cloud`);
      return value;
    },
    imported: (name) => {
      const value = exports.get(name);
      if (value === undefined) throw new Error(`no stack exports ${name}`);
      return value;
    },
  };
}

/** Logical ids, each after everything it refers to or depends on. @throws Error on a cycle */
export function deploymentOrder(template: Template): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, 'visiting' | 'done'>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = template.Resources[logicalId];
    if (resource === undefined || state.get(logicalId) === 'done') return;
    if (state.get(logicalId) === 'visiting')
      throw new Error(`resources depend on each other in a circle: ${[...path, logicalId].join(' -> ')}`);
    state.set(logicalId, 'visiting');
    const dependsOn = resource.DependsOn === undefined ? [] : [resource.DependsOn].flat();
    for (const dependency of [...dependsOn, ...referencesIn(resource.Properties)]) visit(dependency, [...path, logicalId]);
    state.set(logicalId, 'done');
    order.push(logicalId);
  };
  Object.keys(template.Resources).forEach((logicalId) => visit(logicalId, []));
  return order;
}

/** A name for a resource that the template leaves unnamed: the same at every start, lower case, at most 63 characters (S3's limit). */
export function physicalNameFor(stackName: string, logicalId: string): string {
  const readable = `${stackName}-${logicalId}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  if (readable.length <= 63) return readable;
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 8);
  return `${readable.slice(0, 54)}-${digest}`;
}
