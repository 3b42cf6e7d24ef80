import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { uploadNamedIn } from '../../cli/upload.ts';
import { startLocalCloud } from '../../local/local-cloud.ts';
import { HistoryTable } from '../../local/stepfunctions/history/history-table.ts';

/** How a watched cloud lives; both deaths kill the whole process group, with no chance to tidy up. */
export type Life =
  | 'living'
  /** Dies as soon as events of a run are on disk: no crash can hit closer to a state's entry. */
  | 'dying'
  /** Dies just before a task's answer would be on disk: what was done outside is done, and nobody knows. Each answer once. */
  | 'forgetting';

/**
 * Runs the same local cloud as `npm start`, publishes nothing by itself, and prints every event of every run as one line,
 * and which upload a run is of.
 */
async function main(assembly: string, state: string, life: string): Promise<void> {
  if (life === 'forgetting') dieBeforeAnswers(`${state}-forgotten`);
  const cloud = await startLocalCloud({
    assembly,
    state,
    port: 0,
    sitePort: 0,
    warn: (message, fields) => console.error(`warning ${message}`, fields),
  });
  const { endpoint, siteUrl, region, credentials, outputs } = cloud;
  cloud.stepFunctions.onEvent(({ executionArn, type, stateName = '', details: { input } }) => {
    if (type === 'ExecutionStarted' && typeof input === 'string') console.log(`run ${executionArn} of ${uploadNamedIn(input)?.versionId}`);
    console.log(`event ${executionArn} ${type} ${stateName}`);
    // What was written together is told together; the kill comes after the last of it.
    if (life === 'dying' || (life === 'forgetting' && type === 'ExecutionSucceeded')) queueMicrotask(die);
  });
  console.log(`ready ${JSON.stringify({ endpoint, siteUrl, region, credentials, outputs: Object.assign({}, ...Object.values(outputs)) })}`);
}

const die = (): boolean => process.kill(0, 'SIGKILL');

/** Stands in for a crash inside the transaction that holds a task's answer: the database loses it, and all that belongs to it. Each answer is lost once. */
function dieBeforeAnswers(notes: string): void {
  const { prototype } = HistoryTable;
  // oxlint-disable-next-line typescript/unbound-method -- called with its table below
  const { append } = prototype;
  prototype.append = function (execution, events) {
    append.call(this, execution, events);
    if (!events.some(({ type }) => type === 'TaskSucceeded')) return;
    const all = this.page(execution, { skip: 0, limit: 1000, newestFirst: false });
    const answers = all.filter(({ type }) => type === 'TaskSucceeded').length;
    if (existsSync(notes) && Number(readFileSync(notes, 'utf8')) >= answers) return;
    writeFileSync(notes, String(answers));
    console.log('forgot an answer');
    die();
  };
}

const [assembly = '', state = '', life = 'living'] = process.argv.slice(2);
await main(assembly, state, life);
