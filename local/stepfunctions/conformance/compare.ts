import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/**
 * Compares a history with the one that AWS recorded, event by event.
 * @returns the first difference, in words; undefined when they match
 */
export function firstDifference(recorded: readonly JsonObject[], actual: readonly JsonObject[]): string | undefined {
  const remaining = [...actual];
  for (const [index, event] of recorded.entries()) {
    const loose = isLoose(event);
    // A recorded Parallel shows its inner events without order, and its success not at all.
    if (!loose && isLoose(recorded[index - 1]) && event['type'] === 'ParallelStateExited') dropOne(remaining, 'ParallelStateSucceeded');
    const place = loose ? remaining.findIndex((candidate) => difference(event, candidate, '', true) === undefined) : 0;
    const found = remaining[place];
    if (found === undefined) return loose ? `no event like ${shown(event)}` : `event ${index + 1} is missing: ${shown(event)}`;
    const different = difference(event, found, `event ${index + 1}`, loose);
    if (different !== undefined) return different;
    remaining.splice(place, 1);
  }
  return remaining[0] === undefined ? undefined : `an event too many: ${shown(remaining[0])}`;
}

/** Inside a Parallel, ids were recorded as a list: such events match in any order. */
function isLoose(event: JsonObject | undefined): boolean {
  return isList(event?.['id']);
}

function dropOne(events: JsonObject[], type: string): void {
  const place = events.findIndex((event) => event['type'] === type);
  if (place >= 0) events.splice(place, 1);
}

function difference(expected: Json | undefined, actual: Json | undefined, path: string, loose: boolean): string | undefined {
  if (expected === undefined || actual === undefined) {
    return expected === actual ? undefined : `${path}: expected ${shown(expected)}, got ${shown(actual)}`;
  }
  if (isAnything(expected)) return undefined;
  const [left, right] = [unfolded(expected), unfolded(actual)];
  if (isObject(left) && isObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (key === 'timestamp' || (loose && (key === 'id' || key === 'previousEventId'))) continue;
      const inner = difference(left[key], right[key], `${path}/${key}`, loose);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  if (isList(left) && isList(right) && left.length === right.length) {
    for (const [index, element] of left.entries()) {
      const inner = difference(element, right[index], `${path}[${index}]`, loose);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  const equal = typeof left === 'string' && typeof right === 'string' ? matches(left, right) : left === right;
  return equal ? undefined : `${path}: expected ${shown(expected)}, got ${shown(actual)}`;
}

/** Values that AWS gave but that cannot repeat. */
function isAnything(expected: Json): boolean {
  return expected === 'snf_role_arn' || expected === 'timestamp' || expected === 'date';
}

const PLACEHOLDER = /<[^<>]+>|lambda_function_name|[A-Za-z0-9_-]*abc123/g;

function matches(expected: string, actual: string): boolean {
  if (expected === actual || /abc123\b/.test(actual)) return true;
  const pattern = expected
    .split(PLACEHOLDER)
    .map((literal) => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${pattern}$`, 's').test(actual);
}

/** Payloads are compared as JSON values, not as text. */
function unfolded(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{"\d-]|^(?:true|false|null)$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function shown(value: Json | undefined): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 300);
}
