// A stack that holds every function of lambda/, synthesized one of two ways: node synthesize-functions.ts WAY OUTDIR
/* oxlint-disable no-new -- a construct adds itself to its stack */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { build, stop } from 'esbuild';
import { functionBundling, functionNames } from '../../lib/bundles.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const runtime = { runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64 };

/** The same, in the words of NodejsFunction. */
const sameBundling = {
  format: OutputFormat.CJS,
  target: functionBundling.target,
  minify: functionBundling.minify,
  bundleAwsSDK: true,
  mainFields: [...functionBundling.mainFields],
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
};

const [way = '', outdir = ''] = process.argv.slice(2);
const stack = new Stack(new App({ outdir, treeMetadata: false }), 'Functions');

if (way === 'one-call') {
  const folder = mkdtempSync(join(tmpdir(), 'pulpit-bundles-'));
  const entryPoints = Object.fromEntries(functionNames(ROOT).map((name) => [`${name}/index`, `lambda/${name}/handler.ts`]));
  const { outputFiles } = await build({ ...functionBundling, absWorkingDir: ROOT, outdir: folder, entryPoints });
  for (const { path, contents } of outputFiles) {
    // Source maps stay out of what is deployed, as in lib/bundles.ts.
    const place = path.endsWith('.map') ? join(folder, 'source-maps', relative(folder, path)) : path;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, contents);
  }
  for (const name of functionNames(ROOT)) {
    new LambdaFunction(stack, name, { ...runtime, handler: 'index.handler', code: Code.fromAsset(join(folder, name)) });
  }
  rmSync(folder, { recursive: true });
} else {
  for (const name of functionNames(ROOT)) {
    new NodejsFunction(stack, name, {
      ...runtime,
      entry: join(ROOT, 'lambda', name, 'handler.ts'),
      bundling: sameBundling,
      projectRoot: ROOT,
    });
  }
}
App.of(stack)?.synth();
// esbuild's own process counts only once it has ended and been waited for; Node does that in the next turns of its loop.
await stop();
await delay(300);
