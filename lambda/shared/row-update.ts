import { isDeepStrictEqual } from 'node:util';
import type { SermonRow } from './catalogue-rows.ts';

/** One conditional update of one row, in DynamoDB's expression language. */
export interface RowUpdate {
  readonly update: string;
  /** @default the row is written whatever it is */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * The update that makes `before` into `after`: sets what differs, removes what is gone, and goes through only if nobody
 * changed the row since `before` was read. None when nothing differs.
 */
export function updateFor(before: SermonRow | undefined, after: SermonRow): RowUpdate | undefined {
  const was = new Map<string, unknown>(Object.entries(before ?? {}));
  const shall = new Map<string, unknown>(
    Object.entries(after).filter(([name, value]) => value !== undefined && name !== 'pk' && name !== 'edition'),
  );
  const changed = [...shall].filter(([name, value]) => !isDeepStrictEqual(was.get(name), value));
  const gone = [...was.keys()].filter((name) => name !== 'pk' && name !== 'edition' && !shall.has(name));
  if (changed.length === 0 && gone.length === 0) return undefined;

  const names: Record<string, string> = { '#edition': 'edition' };
  const values: Record<string, unknown> = { ':edition': (before?.edition ?? 0) + 1 };
  const sets = ['#edition = :edition'];
  for (const [index, [name, value]] of changed.entries()) {
    names[`#s${index}`] = name;
    values[`:s${index}`] = value;
    sets.push(`#s${index} = :s${index}`);
  }
  for (const [index, name] of gone.entries()) names[`#r${index}`] = name;
  const removal = gone.length === 0 ? '' : ` REMOVE ${gone.map((_, index) => `#r${index}`).join(', ')}`;
  return { update: `SET ${sets.join(', ')}${removal}`, names, values, ...unchangedSince(before, names, values) };
}

function unchangedSince(
  before: SermonRow | undefined,
  names: Record<string, string>,
  values: Record<string, unknown>,
): { readonly condition: string } {
  if (before?.edition !== undefined) {
    values[':before'] = before.edition;
    return { condition: '#edition = :before' };
  }
  if (before !== undefined) return { condition: 'attribute_exists(pk) AND attribute_not_exists(#edition)' };
  names['#pk'] = 'pk';
  return { condition: 'attribute_not_exists(#pk)' };
}
