import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Synthesizes stage `local` into `folder` in a process of its own, so that the local cloud sees only the assembly.
 * @throws Error with what the synth printed, when it fails
 */
export async function synthesize(root: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'bin', 'pulpit.ts')], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...(await cdkContext(root)), stage: 'local' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the stack cannot be synthesized:\n${Buffer.concat(printed).toString().trim()}`);
}

// The CDK CLI would pass cdk.json's context on; without it the feature flags would be unset.
async function cdkContext(root: string): Promise<Record<string, unknown>> {
  const { default: settings } = (await import(join(root, 'cdk.json'), { with: { type: 'json' } })) as {
    default: { context?: Record<string, unknown> };
  };
  return settings.context ?? {};
}
