import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

test('a store that cannot write ends the process with one sentence', () => {
  const script = `
    import { endOnFailure } from ${JSON.stringify(join(ROOT, 'cli/end-on-failure.ts'))};
    import { StoreFailedError } from ${JSON.stringify(join(ROOT, 'local/store/store.ts'))};
    endOnFailure();
    void Promise.reject(new StoreFailedError(new Error('database or disk is full')));
    setInterval(() => undefined, 1000);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe('the store cannot write (Error: database or disk is full); make room on its disk and start again');
});
