import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '../../lib/settings.ts';

/** A template's resource, as far as tests look at it. */
export interface Resource {
  readonly Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- shaped by the resource's own schema
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A synthesized stack. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

/** What `bin/pulpit.ts` synthesizes for one stage. */
export interface Assembly {
  readonly storage: Template;
  readonly service: Template;
  readonly terminationProtection: boolean;
  /** Hashes of all file and image assets, sorted. */
  readonly assets: readonly string[];
}

const root = join(import.meta.dirname, '..', '..');
const sources = ['bin', 'lib', 'lambda', 'containers', 'media', 'statemachines', 'web', 'cdk.json', 'package.json', 'tsconfig.json'];

const sitePackages = /^(hls\.js|@?lit(-.*)?)$/;

/** A copy of the sources in another folder, with the same packages. */
export function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'pulpit-sources-'));
  for (const source of sources) cpSync(join(root, source), join(copy, source), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const [from, to] = [join(root, 'node_modules', name), join(copy, 'node_modules', name)];
    // esbuild follows links, and the hash in a file's name counts the path from the site to a package: those are copied.
    if (sitePackages.test(name)) cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.map') });
    else symlinkSync(from, to);
  }
  return copy;
}

/** Runs the app itself, in a process of its own, as `cdk synth` does. */
export const synthesize = (stage: string, folder = root): Promise<Assembly> => run('bin/pulpit.ts', stage, folder, {});

/** The same for a stage of this folder, once a test run: its test files share what the first of them synthesizes. */
export async function synthesized(stage: string): Promise<Assembly> {
  const file = join(process.env['PULPIT_TEST_RUN_FOLDER'] ?? mkdtempSync(join(tmpdir(), 'pulpit-synth-')), `synthesized-${stage}.json`);
  if (!existsSync(file)) {
    const partial = `${file}-${process.pid}`;
    writeFileSync(partial, JSON.stringify(await synthesize(stage)));
    // Whoever else is as fast has made the same.
    renameSync(partial, file);
  }
  return read(file);
}

/** The same with some of the stage's settings replaced. */
export const synthesizeWith = (stage: string, options: Partial<Settings>): Promise<Assembly> =>
  run('test/lib/app-with-options.ts', stage, root, { SETTINGS_OF_TEST: JSON.stringify(options) });

async function run(script: string, stage: string, folder: string, environment: Readonly<Record<string, string>>): Promise<Assembly> {
  const outdir = mkdtempSync(join(tmpdir(), `pulpit-${stage}-`));
  await promisify(execFile)(process.execPath, [script], {
    cwd: folder,
    env: {
      ...process.env,
      ...environment,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ stage }),
    },
  });
  const template = (name: string): Template => read(join(outdir, `Pulpit-${stage}-${name}.template.json`));
  const manifests = readdirSync(outdir).filter((file) => file.endsWith('.assets.json'));
  const assembly: Assembly = {
    storage: template('Storage'),
    service: template('Service'),
    terminationProtection:
      read(join(outdir, 'manifest.json')).artifacts[`Pulpit-${stage}-Storage`].properties.terminationProtection === true,
    assets: manifests.flatMap((file) => codeAssets(read(join(outdir, file)))).toSorted(),
  };
  rmSync(outdir, { recursive: true });
  return assembly;
}

// The templates are assets too, and differ between stages.
// oxlint-disable-next-line typescript/no-explicit-any -- shaped by the CDK's asset manifest
const codeAssets = ({ files, dockerImages }: any): string[] =>
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  Object.entries<any>({ ...files, ...dockerImages })
    .filter(([, { source }]) => !String(source.path ?? '').endsWith('.template.json'))
    .map(([hash]) => hash);

// oxlint-disable-next-line typescript/no-explicit-any -- several files of the CDK, each read by who knows it
const read = (file: string): any => JSON.parse(readFileSync(file, 'utf8'));

/** Resources of one type, by logical id. */
export const resourcesOf = (template: Template, type: string): readonly (Resource & { readonly id: string })[] =>
  Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }));

/** The only resource of its type whose logical id begins so. @throws when there is none, or more than one */
export function resourceOf(template: Template, type: string, idStart = ''): Resource & { readonly id: string } {
  const [found, ...others] = resourcesOf(template, type).filter(({ id }) => id.startsWith(idStart));
  if (found === undefined || others.length > 0)
    throw new Error(`there must be one ${type} ${idStart}, found ${found === undefined ? 0 : others.length + 1}`);
  return found;
}
