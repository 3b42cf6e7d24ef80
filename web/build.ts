import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Builds the listener site: index.html, and beside it `assets/` with everything else under names that change with the
 * content, so that those files may be cached for ever. The same source gives the same bytes.
 */
export async function buildSite(outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const assets = join(outdir, 'assets');
  await mkdir(assets, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: { app: 'app.ts', site: 'styles/site.css' },
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    // Browsers that know light-dark() and the Custom Highlight API know all of this.
    target: 'es2023',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const icon = await copyHashed(join(here, 'icon.svg'), assets);
  const page = await readFile(join(here, 'index.html'), 'utf8');
  const names: Record<string, string> = { icon, script: outputOf(metafile, 'app.ts'), stylesheet: outputOf(metafile, 'styles/site.css') };
  await writeFile(
    join(outdir, 'index.html'),
    page.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => `/assets/${names[name]}`),
  );
}

function outputOf(metafile: Metafile, entryPoint: string): string {
  const output = Object.entries(metafile.outputs).find(([, { entryPoint: entry }]) => entry === entryPoint);
  if (output === undefined) throw new Error(`esbuild made no output of ${entryPoint}`);
  return basename(output[0]);
}

async function copyHashed(file: string, folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 8);
  const name = basename(file).replace('.', `-${hash}.`);
  await copyFile(file, join(folder, name));
  return name;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [outdir] = process.argv.slice(2);
  if (outdir === undefined) throw new Error('give the folder to build into: node web/build.ts OUTDIR');
  await buildSite(resolve(outdir));
}
