import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesize } from '../../cli/synthesize.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';

/** A local cloud in a process of its own, and what can be read of it from outside. */
export interface MeasuredCloud extends Pick<LocalCloud, 'endpoint' | 'siteUrl' | 'region' | 'credentials' | 'outputs'> {
  /** Memory of the cloud's own process now, in MB. */
  residentMb(): number;
  /** Its highest memory since the last call of `forgetPeak`, in MB. */
  peakMb(): number;
  forgetPeak(): void;
  /** Memory of the cloud and everything it has started, now, in MB. */
  groupMb(): number;
  /** Resolves with the type of the next event that ends an execution. */
  executionEnd(): Promise<string>;
}

/** Runs `measure` against a fresh local cloud; nothing is left behind. */
export async function withCloud(measure: (cloud: MeasuredCloud) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'pulpit-bench-'));
  try {
    const assembly = join(scratch, 'assembly');
    await synthesize(resolve(import.meta.dirname, '..', '..'), assembly);
    const child = fork(join(import.meta.dirname, 'serve.ts'), [assembly, join(scratch, 'state')], { detached: true });
    const [addresses] = (await once(child, 'message')) as [Omit<MeasuredCloud, 'residentMb'>];
    const pid = child.pid ?? 0;
    const ended = new Promise<string>((found) => {
      child.on('message', ({ type }: { type: string }) => /^Execution(?!Started)/.test(type) && found(type));
    });
    const exited = once(child, 'exit');
    await measure({
      ...addresses,
      residentMb: () => statusMb(pid, 'VmRSS'),
      peakMb: () => statusMb(pid, 'VmHWM'),
      // proc(5): 5 resets the peak resident set size.
      forgetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
      groupMb: () => groupOf(pid).reduce((sum, member) => sum + statusMb(member, 'VmRSS'), 0),
      executionEnd: () => ended,
    }).finally(() => child.disconnect());
    await exited;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function groupOf(leader: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && groupIdOf(pid) === leader);
}

function groupIdOf(pid: number): number | undefined {
  try {
    // The program's name, in parentheses, may hold anything; what follows it does not.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2]);
  } catch {
    return undefined;
  }
}

function statusMb(pid: number, field: string): number {
  try {
    const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
