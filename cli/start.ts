import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../local/local-cloud.ts';
import { endOnFailure } from './end-on-failure.ts';
import { parseStartArguments, portFrom, START_HELP, UsageError, type StartArguments } from './start-arguments.ts';
import { publishRecordings } from './publish-recordings.ts';
import { synthesize } from './synthesize.ts';
import { requireWritable } from './writable-folder.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SAMPLE = join(ROOT, 'sample', 'a-time-for-everything.mp3');

endOnFailure();
process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  try {
    const asked = parseStartArguments(words);
    if (asked.help) {
      console.log(START_HELP);
      return 0;
    }
    return await run(asked);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run({ files, once: endWhenPublished, fresh }: StartArguments): Promise<number> {
  const interrupted = once(process, 'SIGINT').then(() => undefined);
  const terminated = once(process, 'SIGTERM').then(() => undefined);
  const stopAsked = Promise.race([interrupted, terminated]);
  const port = portFrom('PULPIT_PORT', 4566);
  const sitePort = portFrom('PULPIT_SITE_PORT', 8080);
  const assembly = resolve(process.env['PULPIT_ASSEMBLY'] ?? join(ROOT, 'cdk.out', 'local'));
  const state = resolve(process.env['PULPIT_STATE'] ?? join(ROOT, '.pulpit'));
  requireWritable(state, 'name another in PULPIT_STATE');
  if (process.env['PULPIT_ASSEMBLY'] === undefined) {
    requireWritable(assembly, 'give this user the right to write in the clone');
    console.log('synthesizing stage local');
    await synthesize(ROOT, assembly);
  }
  const cloud = await startLocalCloud({ assembly, state, port, sitePort, fresh, warn });
  try {
    printAddresses(cloud);
    const publishing = publishRecordings(cloud, files.length > 0 ? { files } : { files: [SAMPLE], unlessPublished: true });
    const failed = await Promise.race([publishing, stopAsked]);
    if (failed === undefined) return 130;
    if (endWhenPublished) return failed === 0 ? 0 : 1;
    console.log('Press Ctrl-C to stop; what is stored stays.');
    await stopAsked;
    return 0;
  } finally {
    await cloud.stop();
  }
}

function printAddresses({ endpoint, siteUrl, region, credentials }: LocalCloud): void {
  console.log(`
  Listener site  ${siteUrl}
  AWS endpoint   ${endpoint}

  For the AWS CLI, as this machine's operator:
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
`);
}

function warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  console.error(`  ! ${message} ${JSON.stringify(fields)}`);
}
