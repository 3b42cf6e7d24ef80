import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

/** Where the app's code lies, ready to be deployed. */
export interface Bundles {
  /** Folder with `index.cjs`, of the function in `lambda/<name>`. @throws when there is no such function */
  functionFolder(name: string): string;
  /** Folder with the Dockerfile and `main.mjs`. */
  readonly embeddingFolder: string;
  /** Folder with index.html and its hashed assets. */
  readonly siteFolder: string;
}

const shared = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node24',
  minify: true,
  // The SDK's ES modules shake better than its CommonJS ones: a quarter fewer bytes to load at a cold start (measured).
  mainFields: ['module', 'main'],
  sourcemap: 'external',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** What is asked of esbuild for every function. CommonJS, which a cold start imports in a sixth less time (bench/functions.ts). */
export const functionBundling = { ...shared, format: 'cjs', outExtension: { '.js': '.cjs' } } as const satisfies BuildOptions;

/** The container's entry point waits at top level, which only an ES module may. */
const containerBundling = {
  ...shared,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Some dependencies are CommonJS and call require for Node's own modules.
  banner: { js: "import{createRequire as pulpitRequire}from'node:module';const require=pulpitRequire(import.meta.url);" },
} as const satisfies BuildOptions;

/**
 * Bundles all functions in one esbuild call (twice as cheap as one a function: bench/synth.ts) and the container in another,
 * and builds the site, into `outdir`. Files that did not change are left alone, so synthesizing twice at a time is safe.
 */
export async function buildBundles(root: string, outdir = join(root, 'build')): Promise<Bundles> {
  const names = functionNames(root);
  const siteFolder = join(outdir, 'site');
  const embeddingFolder = join(outdir, 'containers', 'embedding');
  const where = { absWorkingDir: root, outdir };
  const functions = Object.fromEntries(names.map((name) => [`lambda/${name}/index`, `lambda/${name}/handler.ts`]));
  const built = await Promise.all([
    build({ ...functionBundling, ...where, entryPoints: functions }),
    build({ ...containerBundling, ...where, entryPoints: { 'containers/embedding/main': 'containers/embedding/main.ts' } }),
    buildSiteInto(siteFolder, root),
  ]);
  for (const { path, contents } of built.flatMap((result) => result?.outputFiles ?? [])) {
    // Source maps stay out of the folders that are uploaded.
    writeIfChanged(path.endsWith('.map') ? join(outdir, 'source-maps', relative(outdir, path)) : path, contents);
  }
  writeIfChanged(join(embeddingFolder, 'Dockerfile'), readFileSync(join(root, 'containers', 'embedding', 'Dockerfile')));
  // What an earlier version of the sources left would be deployed too, and change the hash.
  for (const name of names) keepOnly(join(outdir, 'lambda', name), ['index.cjs']);
  keepOnly(embeddingFolder, ['main.mjs', 'Dockerfile']);

  return {
    functionFolder: (name) => {
      if (!names.includes(name)) throw new Error(`no function ${name}: lambda/ has ${names.join(', ')}`);
      return join(outdir, 'lambda', name);
    },
    embeddingFolder,
    siteFolder,
  };
}

/** Folders of `lambda/` that hold a function. */
export const functionNames = (root: string): readonly string[] =>
  readdirSync(join(root, 'lambda'))
    .filter((name) => existsSync(join(root, 'lambda', name, 'handler.ts')))
    .toSorted();

const run = promisify(execFile);

/** Builds beside the folder and then brings it up to date, so that nobody ever sees half a site. */
async function buildSiteInto(folder: string, root: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    await run(process.execPath, ['web/build.ts', fresh], { cwd: root }).catch(({ stderr }: { readonly stderr: string }) => {
      throw new Error(`the site does not build:\n${stderr}`);
    });
    const files = filesBelow(fresh);
    for (const file of files) writeIfChanged(join(folder, file), readFileSync(join(fresh, file)));
    keepOnly(folder, files);
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? relative(folder, join(entry.parentPath, entry.name)) : [],
  );

/** Files that another synthesis is writing, told by the number behind their name, are its own to tidy. */
function keepOnly(folder: string, files: readonly string[]): void {
  for (const file of filesBelow(folder)) if (!files.includes(file) && !/\.\d+$/.test(file)) rmSync(join(folder, file), { force: true });
}

function writeIfChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
