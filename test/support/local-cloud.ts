import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll } from '@jest/globals';
import { synthesize } from '../../cli/synthesize.ts';
import { tempFolder } from './temp-folder.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const running = new Set<CloudProcess>();

afterAll(async () => {
  await Promise.all([...running].map((cloud) => cloud.kill()));
});

// All workers of one test run share what the first of them synthesizes.
const ASSEMBLY = join(process.env['PULPIT_TEST_RUN_FOLDER'] ?? tempFolder(), 'assembly');

/** The synthesized assembly of stage local: made once a test run. */
export async function assembly(): Promise<string> {
  if (existsSync(ASSEMBLY)) return ASSEMBLY;
  const folder = join(tempFolder(), 'assembly');
  await synthesize(ROOT, folder);
  try {
    renameSync(folder, ASSEMBLY);
  } catch (error) {
    // Another worker was faster; both assemblies are the same.
    if (!existsSync(ASSEMBLY)) throw error;
  }
  return ASSEMBLY;
}

/** What `npm start` prints of itself. */
export interface CloudAddresses {
  readonly endpoint: string;
  readonly siteUrl: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** `npm start` in a process group of its own, read line by line like a user would. */
export class CloudProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #onLine = new Set<(line: string) => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#take(line));
    }
  }

  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Resolves with the first line that matches, also one printed before. @throws Error with everything printed when the process ends without it */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match !== null) return match;
    }
    const { promise, resolve: found, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = (line: string): void => {
      const match = pattern.exec(line);
      if (match === null) return;
      this.#onLine.delete(look);
      found(match);
    };
    this.#onLine.add(look);
    void this.#ended.then((code) =>
      reject(new Error(`the local cloud ended (${code}) without printing ${String(pattern)}:\n${this.lines.join('\n')}`)),
    );
    return promise;
  }

  async addresses(): Promise<CloudAddresses> {
    const [, siteUrl = ''] = await this.line(/Listener site\s+(\S+)/);
    const [, endpoint = '', region = '', accessKeyId = '', secretAccessKey = ''] = await this.line(
      /AWS_ENDPOINT_URL=(\S+) AWS_REGION=(\S+) AWS_ACCESS_KEY_ID=(\S+) AWS_SECRET_ACCESS_KEY=(\S+)/,
    );
    return { endpoint, siteUrl, region, credentials: { accessKeyId, secretAccessKey } };
  }

  /** Kills the process and everything it started, at once and without a chance to tidy up. */
  async kill(): Promise<void> {
    signalGroup(this.#child, 'SIGKILL');
    await this.#ended;
    running.delete(this);
  }

  /** Ends it as Ctrl-C does: the terminal tells the whole process group. Resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    signalGroup(this.#child, 'SIGINT');
    const code = await this.#ended;
    running.delete(this);
    return code;
  }

  #take(line: string): void {
    this.lines.push(line);
    for (const look of this.#onLine) look(line);
  }
}

export interface StartOptions {
  /** State folder; the same folder again is a restart. */
  readonly state: string;
  /** Arguments of `npm start`. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the local cloud on free ports. It is killed when the test file is done. */
export async function startCloud({ state, words = [], env = {} }: StartOptions): Promise<CloudProcess> {
  mkdirSync(state, { recursive: true });
  return startProgram([join(ROOT, 'cli', 'start.ts'), ...words], {
    PULPIT_ASSEMBLY: await assembly(),
    PULPIT_STATE: state,
    PULPIT_PORT: '0',
    PULPIT_SITE_PORT: '0',
    ...env,
  });
}

/** Starts a program that is, or holds, a local cloud. It is killed when the test file is done. */
export function startProgram(words: readonly string[], env: Readonly<Record<string, string>> = {}): CloudProcess {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  const cloud = new CloudProcess(child);
  running.add(cloud);
  return cloud;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
