#!/usr/bin/env node
// Runs on Node 20 without any package: installs what is missing, says so, then runs the command with the project's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const ROOT = import.meta.dirname;
const NODE = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const OLDEST_NODE = 20;

/** Programs that commands need beside npm packages, and the packages that bring them. */
const PROGRAMS = {
  ffmpeg: { apt: ['ffmpeg'], brew: ['ffmpeg'], why: 'transcodes, in MediaConvert’s place' },
  pocketsphinx_continuous: {
    apt: ['pocketsphinx', 'pocketsphinx-en-us'],
    brew: ['cmu-pocketsphinx'],
    why: 'recognises speech, in Transcribe’s place',
  },
  flite: { apt: ['flite'], brew: ['flite'], why: 'speaks the sample sermon' },
  chromium: { apt: ['chromium'], brew: ['chromium'], why: 'opens the pages in tests' },
};

const RUNTIME = ['ffmpeg', 'pocketsphinx_continuous', 'flite'];
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/** What each npm script needs and runs. */
const COMMANDS = {
  start: { programs: RUNTIME, run: (args) => [['cli/start.ts', ...args]] },
  test: { programs: [...RUNTIME, 'chromium'], run: (args) => [[...jest, ...args]] },
  check: {
    programs: [],
    run: () => [
      ['node_modules/typescript/bin/tsc', '-p', '.'],
      ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
      ['node_modules/oxfmt/bin/oxfmt', '--check'],
    ],
  },
  synth: { programs: [], run: (args) => [['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', ...args]] },
  bench: { programs: RUNTIME, run: ([name, ...args]) => [[benchScript(name), ...args]] },
  // Both speak to AWS, and on an EC2 instance the credentials come from its metadata.
  deploy: { programs: [], online: true, run: (args) => [deployment(args)] },
  journey: { programs: [], online: true, run: (args) => [['cli/journey.ts', ...args]] },
  conformance: { programs: [], run: (args) => [['local/stepfunctions/conformance.ts', ...args]] },
};

await main(process.argv.slice(2));

async function main([name, ...rest]) {
  const command = COMMANDS[name];
  if (command === undefined) fail(`setup.mjs runs ${Object.keys(COMMANDS).join(', ')}; it was asked for "${name ?? ''}"`, 2);
  const dryRun = rest.includes('--dry-run');
  const missing = missingSteps(command.programs, dryRun);
  if (dryRun) {
    for (const step of missing) console.log(`would install ${step.what}: ${step.command.join(' ')}`);
    if (missing.length === 0) console.log('nothing is missing');
    return;
  }
  for (const step of missing) install(step);
  await runAll(command.run(rest), command.online === true);
}

function missingSteps(programs, dryRun) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE) fail(`Pulpit needs Node ${OLDEST_NODE} or newer to set itself up; this is ${process.version}`);
  const steps = [];
  // Not `npm ci`: npm 11 refuses a lock without the packages of platforms that the registry does not carry. `--no-save` keeps the lock as it is.
  if (packagesAreStale()) steps.push({ what: 'the npm packages', command: ['npm', 'install', '--no-save', '--no-audit', '--no-fund'] });
  const missing = programs.filter((program) => !onPath(program));
  if (missing.length > 0) steps.push(...systemPackages(missing, dryRun));
  return steps;
}

// npm writes node_modules/.package-lock.json last, so a broken installation has none.
function packagesAreStale() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  return !existsSync(installed) || !existsSync(NODE) || statSync(installed).mtimeMs < statSync(join(ROOT, 'package-lock.json')).mtimeMs;
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function systemPackages(missing, dryRun) {
  const what = missing.map((program) => `${program} (${PROGRAMS[program].why})`).join(', ');
  if (onPath('apt-get')) {
    const packages = missing.flatMap((program) => PROGRAMS[program].apt);
    const apt = (...words) => asRoot(['apt-get', ...words], `apt-get update && apt-get install -y ${packages.join(' ')}`, dryRun);
    const lists = '/var/lib/apt/lists';
    const haveLists = existsSync(lists) && readdirSync(lists).some((file) => file.endsWith('_Packages') || file.endsWith('.lz4'));
    const update = haveLists ? [] : [{ what: 'the list of Debian packages', command: apt('update', '-q') }];
    return [
      ...update,
      { what, command: apt('install', '-y', '-q', '--no-install-recommends', ...packages), retryAfter: apt('update', '-q') },
    ];
  }
  if (onPath('brew')) return [{ what, command: ['brew', 'install', ...missing.flatMap((program) => PROGRAMS[program].brew)] }];
  return fail(`these programs are missing: ${what}; install them with your system's package manager and run again`);
}

function asRoot(words, advice, dryRun) {
  if (process.getuid?.() === 0) return ['env', 'DEBIAN_FRONTEND=noninteractive', ...words];
  const sudo = onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (sudo) return ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive', ...words];
  return dryRun ? ['sudo', ...words] : fail(`installing programs needs root; run this and start again: sudo sh -c '${advice}'`);
}

function install({ what, command, retryAfter }) {
  console.error(`installing ${what}: ${command.join(' ')}`);
  let { status } = runQuietly(command);
  if (status !== 0 && retryAfter !== undefined) {
    runQuietly(retryAfter);
    ({ status } = runQuietly(command));
  }
  if (status !== 0) fail(`installing ${what} failed; the command was: ${command.join(' ')}`);
}

function runQuietly([program, ...words]) {
  return spawnSync(program, words, { cwd: ROOT, stdio: ['ignore', 2, 2] });
}

function benchScript(name) {
  const known = readdirSync(join(ROOT, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  if (known.includes(name)) return join('bench', `${name}.ts`);
  return fail(`npm run bench -- NAME runs one of: ${known.join(', ')}; it was asked for "${name ?? ''}"`, 2);
}

async function runAll(commandLines, online) {
  for (const words of commandLines) {
    const code = await runWithProjectNode(words, online);
    if (code !== 0) process.exit(code);
  }
}

// In a terminal, Ctrl-C reaches the child by itself; every other signal is passed on. This process only waits.
function runWithProjectNode(words, online) {
  const env = {
    ...process.env,
    PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
    // Synthesis asks nobody outside: without these the CDK waits seconds for answers that never come.
    ...(online ? {} : { AWS_EC2_METADATA_DISABLED: process.env.AWS_EC2_METADATA_DISABLED ?? 'true' }),
    CDK_DISABLE_CLI_TELEMETRY: process.env.CDK_DISABLE_CLI_TELEMETRY ?? 'true',
  };
  const child = spawn(NODE, words, { cwd: ROOT, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
    child.on('error', (error) => fail(`cannot run ${NODE}: ${error.message}`));
  });
}

function fail(sentence, code = 1) {
  console.error(sentence);
  process.exit(code);
}
