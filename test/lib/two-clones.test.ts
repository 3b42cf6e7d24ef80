import { rmSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { copySources, synthesize } from './assembly.ts';

const clones = [copySources(), copySources()];
afterAll(() => {
  for (const clone of clones) rmSync(clone, { recursive: true });
});

test('two clones in different folders give the same templates and assets, so cdk diff is quiet whoever deployed', async () => {
  const [one, other] = await Promise.all(clones.map((clone) => synthesize('dev', clone)));
  expect(one).toBeDefined();
  expect(other).toEqual(one);
}, 120_000);
