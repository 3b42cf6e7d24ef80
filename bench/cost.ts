// What a deployment costs, from the price table: node bench/cost.ts [--write]
// Prints docs/cost.md; with --write, writes it.
import { writeFileSync } from 'node:fs';
import { COST_PAGE, costPage, resourceCounts } from './support/cost-page.ts';

const page = costPage(resourceCounts());
if (process.argv.includes('--write')) writeFileSync(COST_PAGE, page);
else console.log(page);
