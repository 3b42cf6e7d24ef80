import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { priceOf, usageOf } from '../../lambda/shared/cost.ts';
import { type Price, prices, PRICES_AS_OF, PRICES_REGION } from '../../lambda/shared/prices.ts';
import {
  type CostItem,
  dollars,
  idleMonth,
  listenerHour,
  RENDITION_KBPS,
  sermonHour,
  storedSermonHour,
  sum,
  theHour,
} from './cost-items.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Where the page lies. */
export const COST_PAGE = join(ROOT, 'docs', 'cost.md');

/** How many of each type of resource both stacks have, by the shape snapshot of the tests. */
export function resourceCounts(): ReadonlyMap<string, number> {
  const shape = readFileSync(join(ROOT, 'test', 'lib', '__snapshots__', 'app.test.ts.snap'), 'utf8');
  const types = shape.match(/AWS::\w+::\w+/g) ?? [];
  return new Map(Object.entries(Object.groupBy(types, (type) => type)).map(([type, found = []]) => [type, found.length]));
}

/** docs/cost.md: what a deployment costs, computed from the price table. */
export function costPage(counts: ReadonlyMap<string, number>): string {
  const [sermon, listener, idle, stored] = [sermonHour(), listenerHour(), idleMonth(counts), storedSermonHour()];
  const parish = sum(idle) + 5 * sum(sermon) + 500 * sum(listener) + 250 * sum(stored);
  return (
    [
      '# What it costs',
      `Computed from the price table in \`lambda/shared/prices.ts\` (${PRICES_REGION}, put together on ${PRICES_AS_OF}); written by \`npm run bench -- cost --write\`, so change the table and not this page. No free tier, tax or volume discount is taken off. Nothing here was compared with a bill.`,
      'Each price says how it is known. **vendor**: read in a stored copy of AWS’s own page. **quoted**: other pages that cite that page. **unverified**: a list price from memory, or one whose application to us is unclear.',
      `In short: ${dollars(sum(sermon))} for an hour of sermon, once; ${dollars(sum(listener))} for an hour of listening; ${dollars(sum(idle))} for a month in which nothing happens. A library with five new hours, 500 hours of listening and 250 hours kept comes to about ${dollars(parish)} a month.`,
      '## An hour of sermon, once',
      table(sermon),
      transcodingTiers(),
      'Assumed: a recording that Transcribe reads as it is, 9,000 words, 15,000 tokens in overlapping passages, a task of 90 seconds, 60 GB-seconds of functions, no retries, no waiting for a turn. What every run records of itself ends with Bedrock’s tokens; the rest is not known to it.',
      '## The same hour, kept for a month',
      table(stored),
      `The renditions of ${RENDITION_KBPS.join(', ')} kbit/s, the MP3, and an upload of 128 kbit/s. The pinned copy of the upload is kept for 15 days besides.`,
      '## An hour of listening',
      table(listener),
      'The rendition of 96 kbit/s in segments of six seconds, every one of them fetched from CloudFront, every twentieth from S3. A download of the MP3 has the same bytes and one request.',
      '## A month in which nothing happens',
      table(idle),
      'Alarms, dashboards, secrets and keys are counted in the template. Polling is what the event source mapping asks of the upload queue: five pollers, 20 seconds a time. The reconciler runs every five minutes.',
      'Without a price while idle: buckets, queues, the table, the vector index, the workflow, the cluster, the network (public subnets, no NAT gateway, no interface endpoints), the API, the distribution. A custom metric costs ' +
        `${dollars(prices.metricMonth.usd)} a month, by the hours in which it reports; all but the reconciler’s stay silent when nothing happens.`,
      '## What moves it',
      levers(),
      '## What a run records',
      'Publish sermon writes `latestRun.cost` on the sermon’s row: usage, the estimate, and the day of the table. `GET /v1/sermons/{id}` shows the sum as `latestRun.estimatedUsd`, and the metric `EstimatedCost` adds it up. The setting `priceFactor` fits it to another region or a discount. It is an estimate: retries, redrives, functions and the time in which Fargate fetches the image are not in it, and a run that failed before Publish sermon has none.',
      'The setting `monthlyBudgetUsd` makes an AWS budget that writes to `alarmEmails`. It counts what carries the tag `deployment`, which has to be activated as a cost allocation tag in the billing console. MediaConvert bills by the tags of its queue, Transcribe by those of its jobs. Bedrock’s calls and Fargate’s tasks carry no tag: less than a hundredth of the whole.',
      '## The prices',
      priceTable(),
    ].join('\n\n') + '\n'
  );
}

function table(items: readonly CostItem[]): string {
  const total = sum(items);
  const rows = items.map(({ what, amount, price }) => {
    const usd = amount * price.usd;
    return `| ${what} | ${dollars(usd)} | ${((100 * usd) / total).toFixed(1)} % | ${priceText(price)} | ${price.basis} |`;
  });
  return [
    '| item | US$ | share | price | known |',
    '|---|---|---|---|---|',
    ...rows,
    `| **together** | **${dollars(total)}** | | | |`,
  ].join('\n');
}

function transcodingTiers(): string {
  const { transcodedMinutes } = usageOf(theHour);
  const basic = transcodedMinutes * prices.transcodedMinuteBasic.usd;
  const saved = priceOf(usageOf(theHour)).transcoding - basic;
  return `MediaConvert is the largest doubt: whether audio that is normalised bills in the Professional tier (counted above) or in the Basic tier. In the Basic tier it is ${dollars(basic)}, and the whole hour ${dollars(sum(sermonHour()) - saved)}.`;
}

function levers(): string {
  const output = 60 * prices.transcodedMinute.usd;
  // Third-party pages of 2025 and 2026, which disagree: dollars a minute.
  const [low, high] = [0.0043, 0.0077];
  return [
    `- **Outputs.** Each of MediaConvert’s four is billed for itself: one rendition less saves ${dollars(output)} an hour of sermon.`,
    `- **The recogniser.** Third-party pages give ${dollars(low)} to ${dollars(high)} a minute for hosted recognisers such as Deepgram (unverified), so ${dollars(60 * low)} to ${dollars(60 * high)} in place of ${dollars(60 * prices.transcribedMinute.usd)}. Pulpit has no adapter for one.`,
    '- **Uploads that are replaced at once** cost nothing but a few state transitions: runs settle before they work. Failed MediaConvert jobs are not billed.',
  ].join('\n');
}

function priceTable(): string {
  const rows = Object.values<Price>(prices).map(({ usd, unit, source, basis }) => `| ${exactly(usd)} | ${unit} | ${source} | ${basis} |`);
  return ['| US$ | for | source | |', '|---|---|---|---|', ...rows].join('\n');
}

/** As the table has it, but for what floating point adds to a product. */
const exactly = (usd: number): string => `$${Number(usd.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 10 })}`;

const priceText = ({ usd, unit }: Price): string => `${exactly(usd)} for ${/^\d/.test(unit) ? '' : 'a '}${unit}`;
