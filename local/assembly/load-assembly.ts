import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

/** One stack of the assembly. */
export interface StackArtifact {
  readonly id: string;
  readonly stackName: string;
  readonly template: Template;
  /** File name of its asset manifest. */
  readonly assetManifest: string;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly dependencies?: readonly string[];
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
      }
    >
  >;
}

/**
 * Reads a synthesized cloud assembly: its stacks, each after the ones it depends on.
 * @throws Error when the folder holds no assembly
 */
export function loadAssembly(folder: string): readonly StackArtifact[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest))
    throw new Error(`${folder} holds no cloud assembly (there is no manifest.json); synthesize stage local into it`);
  const { artifacts } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const ordered: StackArtifact[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    if (visited.has(id)) return;
    visited.add(id);
    const artifact = artifacts[id];
    artifact?.dependencies?.forEach(visit);
    if (artifact?.type !== 'aws:cloudformation:stack') return;
    const { templateFile = `${id}.template.json`, stackName = id } = artifact.properties ?? {};
    const template = JSON.parse(readFileSync(join(folder, templateFile), 'utf8')) as Template;
    ordered.push({ id, stackName, template, assetManifest: `${id}.assets.json` });
  };
  Object.keys(artifacts).forEach(visit);
  if (ordered.length === 0) throw new Error(`the cloud assembly in ${folder} holds no stack`);
  return ordered;
}
