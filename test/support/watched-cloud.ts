import { uploadNamedIn } from '../../cli/upload.ts';
import { startLocalCloud } from '../../local/local-cloud.ts';

/**
 * Runs the same local cloud as `npm start`, publishes nothing by itself, and prints every event of every run as one line,
 * and which upload a run is of.
 * With the word `dying` it kills its whole process group with the first events of a run that are on disk: no crash can hit
 * closer to a state's entry.
 */
async function main(assembly: string, state: string, dying: boolean): Promise<void> {
  const cloud = await startLocalCloud({
    assembly,
    state,
    port: 0,
    sitePort: 0,
    warn: (message, fields) => console.error(`warning ${message}`, fields),
  });
  const { endpoint, siteUrl, region, credentials, outputs } = cloud;
  cloud.stepFunctions.onEvent(({ executionArn, type, stateName = '', details }) => {
    if (type === 'ExecutionStarted') console.log(`run ${executionArn} of ${uploadNamedIn(String(details['input']))?.versionId}`);
    console.log(`event ${executionArn} ${type} ${stateName}`);
    // What was written together is told together; the kill comes after the last of it.
    if (dying) queueMicrotask(() => process.kill(0, 'SIGKILL'));
  });
  console.log(`ready ${JSON.stringify({ endpoint, siteUrl, region, credentials, outputs: Object.assign({}, ...Object.values(outputs)) })}`);
}

const [assembly = '', state = '', mode = ''] = process.argv.slice(2);
await main(assembly, state, mode === 'dying');
