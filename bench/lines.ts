// Lines of code in each folder, without blank lines and comments: node bench/lines.ts [FOLDER]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CODE = /\.(ts|mjs|js|css|html)$|\.asl\.json$/;
const below = process.argv[2];
const depth = below === undefined ? 0 : below.split('/').length;
const tracked = execFileSync('git', ['ls-files', ...(below === undefined ? [] : [below])], { encoding: 'utf8' }).split('\n');

const lines = new Map<string, number>();
for (const file of tracked.filter((name) => CODE.test(name))) {
  const folder = file
    .split('/')
    .slice(0, depth + 1)
    .join('/');
  lines.set(folder, (lines.get(folder) ?? 0) + linesOf(file));
}
for (const [folder, count] of [...lines].toSorted(([, a], [, b]) => b - a)) console.log(`${String(count).padStart(7)}  ${folder}`);

function linesOf(file: string): number {
  const code = readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
