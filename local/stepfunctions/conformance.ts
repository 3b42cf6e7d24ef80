import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { firstDifference } from './conformance/compare.ts';
import { readCases } from './conformance/recorded-case.ts';
import { runCase, type CaseResult } from './conformance/run-case.ts';

const USAGE = 'usage: npm run --silent conformance -- CASES.json [--out RESULTS.json]';

/** Runs executions that AWS recorded on the local engine, and compares the histories or writes them to a file. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const results: CaseResult[] = [];
  let failed = 0;
  for (const recorded of readCases(file)) {
    const result = await runCase(recorded).catch((error: unknown) => ({
      name: recorded.name,
      status: `REFUSED: ${String(error)}`,
      events: [],
    }));
    results.push(result);
    if (values.out !== undefined) continue;
    const difference =
      result.events.length === 0 ? result.status : firstDifference(recorded.events, JSON.parse(JSON.stringify(result.events)));
    if (difference === undefined) continue;
    failed += 1;
    process.stdout.write(`${recorded.name}: ${difference}\n`);
  }
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  // A file that cannot be read, or an option that does not exist: the sentence is all that helps.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  return 2;
});
