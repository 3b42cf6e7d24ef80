// The journey test against a deployed stage, with the caller's credentials: npm run journey -- --stage dev
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
const HELP = `npm run journey -- [--stage NAME] [--outputs FILE] [--records FOLDER]

Publishes the sample sermon in a deployed stage by uploading it, and holds it against the promises of test/journey/publish.test.ts.

  --stage    the stage, dev unless said otherwise
  --outputs  its outputs, as \`cdk deploy --outputs-file\` writes them; npm run deploy keeps them in cdk.out/outputs-STAGE.json
  --records  where the scrubbed history goes, docs/parity unless said otherwise`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { stage: text, outputs: text, records: text, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) {
      console.log(HELP);
      return 0;
    }
    const { stage = 'dev' } = values;
    if (!/^[a-z][a-z0-9-]*$/.test(stage)) throw new Error(`a stage is named in lower-case letters, got "${stage}"`);
    const outputs = resolve(values.outputs ?? join(ROOT, 'cdk.out', `outputs-${stage}.json`));
    if (!existsSync(outputs)) {
      throw new Error(
        `no outputs of stage ${stage} in ${outputs}; npm run deploy -- --stage ${stage} writes them, or name the file with --outputs`,
      );
    }
    return await runTest({ stage, outputs, records: resolve(values.records ?? join(ROOT, 'docs', 'parity')) });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
}

async function runTest({ stage, outputs, records }: Readonly<Record<'stage' | 'outputs' | 'records', string>>): Promise<number> {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const child = spawn(process.execPath, [...jest, '--runTestsByPath', 'test/journey/publish.test.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PULPIT_JOURNEY_STAGE: stage, PULPIT_JOURNEY_OUTPUTS: outputs, PULPIT_JOURNEY_RECORDS: records },
  });
  return new Promise((ended, failed) => child.once('error', failed).once('close', (code) => ended(code ?? 1)));
}
