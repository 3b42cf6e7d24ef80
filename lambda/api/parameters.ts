import type { SermonStatus } from '../shared/catalogue-rows.ts';
import { Problem } from './problems.ts';

/** Sermons a list can be filtered by; a removed sermon is in no list. */
export const LISTED_STATUSES = ['published', 'processing', 'scheduled', 'failed'] as const satisfies readonly SermonStatus[];

const LARGEST_PAGE = 100;
/** Longer than any sentence somebody remembers. */
const LONGEST_QUERY = 300;
const VIEWS = ['moments', 'sermons'] as const;

/** The page size. @throws Problem 400 */
export function limitFrom(parameters: URLSearchParams, preset = 20): number {
  const text = parameters.get('limit');
  if (text === null) return preset;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE)
    throw invalid(`limit must be a whole number from 1 to ${LARGEST_PAGE}, got ${quoted(text)}`);
  return limit;
}

/** The listings to show: all of them, or the one asked for. @throws Problem 400 */
export function statusesFrom(parameters: URLSearchParams): readonly SermonStatus[] {
  const text = parameters.get('status');
  if (text === null) return LISTED_STATUSES;
  const status = LISTED_STATUSES.find((candidate) => candidate === text);
  if (status === undefined) throw invalid(`status must be one of ${LISTED_STATUSES.join(', ')}, got ${quoted(text)}`);
  return [status];
}

/** What to search for. @throws Problem 400 */
export function queryFrom(parameters: URLSearchParams): string {
  const query = (parameters.get('q') ?? '').normalize('NFC').trim();
  if (query === '') throw invalid('q is missing; give the words to look for, such as /v1/search?q=eternal+life');
  if (query.length > LONGEST_QUERY) throw invalid(`q must have at most ${LONGEST_QUERY} characters, got ${query.length}; leave out words`);
  return query;
}

/** How to group what is found. @throws Problem 400 */
export function viewFrom(parameters: URLSearchParams): (typeof VIEWS)[number] {
  const text = parameters.get('view') ?? 'moments';
  const view = VIEWS.find((candidate) => candidate === text);
  if (view === undefined) throw invalid(`view must be one of ${VIEWS.join(', ')}, got ${quoted(text)}`);
  return view;
}

const invalid = (detail: string): Problem => new Problem(400, 'Invalid parameter', detail);
const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));
