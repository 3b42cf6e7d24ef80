import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { costPage, resourceCounts } from '../../bench/support/cost-page.ts';

test('docs/cost.md is what the price table and the template give; after a change: npm run bench -- cost --write', () => {
  expect(readFileSync('docs/cost.md', 'utf8')).toBe(costPage(resourceCounts()));
});
