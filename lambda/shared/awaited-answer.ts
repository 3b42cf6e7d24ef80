import type { Catalogue } from './catalogue.ts';
import { readRow, updateRow } from './catalogue.ts';

/** Row of the catalogue that says since when uploads wait, with no answer to any of them. */
const KEY = 'awaited-answer';

/** Notes that an upload came; the first one after an answer sets the clock. */
export async function awaitAnswer(catalogue: Catalogue, now: Date): Promise<void> {
  await updateRow(catalogue, KEY, { update: 'SET since = if_not_exists(since, :now)', values: { ':now': now.toISOString() } });
}

/** Notes that an upload has its answer: it was published, or refused with a reason that its editor can act on. */
export async function answerCame(catalogue: Catalogue): Promise<void> {
  await updateRow(catalogue, KEY, { update: 'REMOVE since' });
}

/** How long uploads have waited without a single answer, in seconds; 0 where none waits. */
export async function unansweredSeconds(catalogue: Catalogue, now: Date): Promise<number> {
  const since = (await readRow(catalogue, KEY))?.['since'];
  return typeof since === 'string' ? Math.max(0, (now.getTime() - Date.parse(since)) / 1000) : 0;
}
