// Bytes and cold import of every function as it is deployed, against esbuild's defaults with the SDK external: node bench/functions.ts [ROUNDS]
// Ends with exit code 1 when a bundle is too large, or the imports are not cheaper by enough.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { synthesize } from '../cli/synthesize.ts';
import { median } from './support/median.ts';

const MOST_KIB = 1000;
const MOST_IMPORT = 0.8;
const ROOT = resolve(import.meta.dirname, '..');

interface DeployedFunction {
  readonly name: string;
  /** The file as it is uploaded. */
  readonly bundle: string;
  /** Its settings; what is known only after a deployment stands for itself. */
  readonly environment: Readonly<Record<string, string>>;
}

const rounds = Number(process.argv[2] ?? 7);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`ROUNDS must be a whole number from 1, got ${process.argv[2]}`);
const scratch = mkdtempSync(join(tmpdir(), 'pulpit-functions-'));
try {
  process.exitCode = (await compare()) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}

async function compare(): Promise<boolean> {
  const assembly = join(scratch, 'assembly');
  await synthesize(ROOT, assembly);
  const functions = deployedFunctions(assembly);
  const defaults = await buildWithDefaults(functions);
  const shares: number[] = [];
  let largest = 0;
  console.log(`${'function'.padEnd(22)}${'KiB'.padStart(6)}${'defaults'.padStart(10)}   cold import, CPU ms, median of ${rounds}`);
  for (const { name, bundle, environment } of functions) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    const external = join(defaults, name, 'index.js');
    for (let round = 0; round < rounds; round++) {
      ours.push(importMs(bundle, environment));
      theirs.push(importMs(external, environment));
    }
    const share = median(ours) / median(theirs);
    shares.push(share);
    largest = Math.max(largest, kib(bundle));
    console.log(
      `${name.padEnd(22)}${kib(bundle).toFixed(0).padStart(6)}${kib(external).toFixed(0).padStart(10)}   ${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)}: ${share.toFixed(2)}`,
    );
  }
  console.log(
    `largest ${largest.toFixed(0)} KiB (at most ${MOST_KIB}); median import ${median(shares).toFixed(2)} (at most ${MOST_IMPORT})`,
  );
  return largest <= MOST_KIB && median(shares) <= MOST_IMPORT;
}

/** Every function of ours in the synthesized stacks, by the name that its description gives. */
function deployedFunctions(assembly: string): readonly DeployedFunction[] {
  const found: DeployedFunction[] = [];
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.template.json'))) {
    const { Resources: resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template;
    for (const { Type: type, Properties: properties } of Object.values(resources)) {
      const name = /^Pulpit: (.+)$/.exec(properties?.Description ?? '')?.[1];
      if (type !== 'AWS::Lambda::Function' || name === undefined) continue;
      const asset = String(properties?.Code?.S3Key).replace(/\.zip$/, '');
      const settings = Object.entries(properties?.Environment?.Variables ?? {});
      found.push({
        name,
        bundle: join(assembly, `asset.${asset}`, 'index.cjs'),
        environment: Object.fromEntries(settings.map(([key, value]) => [key, typeof value === 'string' ? value : key])),
      });
    }
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** As far as this script reads a template. */
interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: {
          readonly Description?: string;
          readonly Code?: { readonly S3Key?: unknown };
          readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
        };
      }
    >
  >;
}

/** What `esbuild --bundle --platform=node` gives, the SDK left to the packages beside it. */
async function buildWithDefaults(functions: readonly DeployedFunction[]): Promise<string> {
  const outdir = join(scratch, 'defaults');
  mkdirSync(outdir);
  symlinkSync(join(ROOT, 'node_modules'), join(outdir, 'node_modules'));
  const entryPoints = Object.fromEntries(functions.map(({ name }) => [`${name}/index`, `lambda/${name}/handler.ts`]));
  const external = ['@aws-sdk/*', '@smithy/*'];
  await build({ bundle: true, platform: 'node', logLevel: 'error', absWorkingDir: ROOT, outdir, entryPoints, external });
  return outdir;
}

function kib(file: string): number {
  return statSync(file).size / 1024;
}

/** CPU that a new process takes to import a file, user and system. */
function importMs(file: string, environment: Readonly<Record<string, string>>): number {
  const code = `const before = process.cpuUsage(); await import(${JSON.stringify(file)}); const { user, system } = process.cpuUsage(before); console.log('\\n' + (user + system) / 1000)`;
  const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...environment };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', env, cwd: scratch });
  return Number(printed.trim().split('\n').at(-1));
}
