// CPU of synthesizing all functions from one esbuild call, against the same functions through NodejsFunction: node bench/synth.ts [ROUNDS]
// Ends with exit code 1 when it is not at least half.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../lib/bundles.ts';
import { median } from './support/median.ts';

const LEAST_RATIO = 2;
const rounds = Number(process.argv[2] ?? 3);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`ROUNDS must be a whole number from 1, got ${process.argv[2]}`);

const ways = ['one-call', 'nodejs-function'] as const;
const seconds: Record<(typeof ways)[number], number[]> = { 'one-call': [], 'nodejs-function': [] };
// Taking turns, so that whatever else the machine does hits both.
for (let round = 0; round < rounds; round++) for (const way of ways) seconds[way].push(cpuSecondsOf(way));

const [ours, theirs] = [median(seconds['one-call']), median(seconds['nodejs-function'])];
const count = functionNames(join(import.meta.dirname, '..')).length;
console.log(`${count} functions, median CPU of ${rounds} synths each, without the check of the template:`);
console.log(`  one esbuild call                      ${ours.toFixed(2)} s   ${listed('one-call')}`);
console.log(`  NodejsFunction, same esbuild options                 ${theirs.toFixed(2)} s   ${listed('nodejs-function')}`);
console.log(`  ${(theirs / ours).toFixed(1)} times less; the target is at least ${LEAST_RATIO}`);
process.exitCode = theirs / ours >= LEAST_RATIO ? 0 : 1;

function listed(way: (typeof ways)[number]): string {
  return seconds[way].map((value) => value.toFixed(2)).join(', ');
}

/** CPU of one synth and of everything it started, user and system, as the shell's `times` counts it. */
function cpuSecondsOf(way: string): number {
  const outdir = mkdtempSync(join(tmpdir(), 'pulpit-synth-'));
  try {
    const words = [process.execPath, join(import.meta.dirname, 'support', 'synthesize-functions.ts'), way, outdir];
    const printed = execFileSync('sh', ['-c', '"$@" >&2 || exit 1; times', 'sh', ...words], {
      encoding: 'utf8',
      // The check of the template is the same for both, and not what is compared.
      env: { ...process.env, CDK_VALIDATION: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [, children = ''] = printed.trim().split('\n');
    return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
