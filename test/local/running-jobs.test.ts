import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { RunningJobs } from '../../local/running-jobs.ts';
import { openMediaCloud, type MediaCloud } from './media-cloud.ts';

let media: MediaCloud | undefined;
afterEach(async () => media?.stop());

test('a job whose outcome cannot be written is tried once a start, not again and again', async () => {
  media = await openMediaCloud();
  let tries = 0;
  const warned = Promise.withResolvers<void>();
  const jobs: RunningJobs = new RunningJobs({ ...media.cloud, warn: () => warned.resolve() }, 'jobs', () => {
    if (jobs.has('a')) return;
    jobs.launch('a', () => Promise.reject(new Error(`try ${(tries += 1)}`)));
  });
  jobs.start();
  await warned.promise;
  await jobs.stop();
  expect(tries).toBe(1);
});

test('a stop ends what runs and leaves no scratch folder', async () => {
  media = await openMediaCloud();
  const jobs = new RunningJobs(media.cloud, 'jobs', () => undefined);
  jobs.start();
  const begun = Promise.withResolvers<string>();
  jobs.launch('a.b/../c', async ({ scratch, signal }) => {
    await mkdir(scratch, { recursive: true });
    begun.resolve(scratch);
    await once(signal, 'abort');
  });
  const scratch = await begun.promise;
  await jobs.stop();
  expect([existsSync(scratch), scratch.includes('..')]).toEqual([false, false]);
});
