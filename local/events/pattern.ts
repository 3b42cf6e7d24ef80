import type { Members } from '../gateway/service.ts';
import { compileCondition, type Condition } from './pattern-condition.ts';

/** Whether an event fits a pattern. */
export type EventMatcher = (event: Members) => boolean;

/**
 * Compiles an event pattern once, so that matching an event is only comparisons.
 * @throws Error naming what the pattern uses that is unknown, by its path in the pattern
 */
export function compilePattern(pattern: unknown): EventMatcher {
  const matches = compileObject(pattern, '');
  return (event) => matches(event);
}

function compileObject(pattern: unknown, path: string): Condition {
  if (!isObject(pattern)) throw new Error(`event pattern${path}: must be an object, got ${JSON.stringify(pattern)}`);
  if (Object.keys(pattern).length === 0) throw new Error(`event pattern${path}: empty objects are not allowed`);
  const conditions = Object.entries(pattern).map(([field, value]) =>
    field === '$or' ? compileOr(value, `${path}.$or`) : compileField(field, value, `${path}.${field}`),
  );
  return (value) => conditions.every((condition) => condition(value));
}

function compileOr(alternatives: unknown, path: string): Condition {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new Error(`event pattern${path}: must be an array of two patterns or more`);
  const conditions = alternatives.map((alternative, index) => compileObject(alternative, `${path}[${index}]`));
  return (value) => conditions.some((condition) => condition(value));
}

function compileField(field: string, pattern: unknown, path: string): Condition {
  if (!Array.isArray(pattern)) {
    const nested = compileObject(pattern, path);
    return (holder) => valuesOf(fieldOf(holder, field)).some(nested);
  }
  if (pattern.length === 0) throw new Error(`event pattern${path}: empty arrays are not allowed`);
  const conditions = pattern.map((item) => compileCondition(item, path));
  return (holder) => {
    const found = fieldOf(holder, field);
    // An array in the event fits when one of its elements does; an absent field is tried as undefined, for `exists: false`.
    return conditions.some((condition) => valuesOf(found).some(condition));
  };
}

function fieldOf(holder: unknown, field: string): unknown {
  return isObject(holder) && Object.hasOwn(holder, field) ? holder[field] : undefined;
}

function valuesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
