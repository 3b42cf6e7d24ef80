import { createHash } from 'node:crypto';
import { Problem } from './problems.ts';

/** What a cursor may hold: where the next page begins. */
export type Position = Readonly<Record<string, string | number>>;

// A cursor belongs to its filters: with others it would point between pages that do not exist.
const digestOf = (filters: string): string => createHash('sha256').update(filters).digest('base64url').slice(0, 8);

/** Makes the opaque `next` of a list. */
export function encodeCursor(position: Position, filters: string): string {
  return Buffer.from(JSON.stringify({ ...position, filters: digestOf(filters) })).toString('base64url');
}

/**
 * Reads a cursor that a client gave back.
 * @throws Problem 400 where it is not one of ours, or was made with other filters
 */
export function decodeCursor(cursor: string, filters: string): Position {
  const value = parse(cursor);
  if (value === undefined)
    throw new Problem(400, 'Unknown cursor', 'cursor must be the `next` of an earlier answer; leave it out to begin at the first page');
  const { filters: digest, ...position } = value;
  if (digest !== digestOf(filters))
    throw new Problem(400, 'Cursor of another list', 'the cursor was made with other filters; leave it out to begin at the first page');
  return position;
}

function parse(cursor: string): Position | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isPosition =
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((part) => typeof part === 'string' || typeof part === 'number');
    return isPosition ? (value as Position) : undefined;
  } catch {
    return undefined;
  }
}
