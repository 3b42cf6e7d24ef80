import { AwsError } from '../gateway/aws-error.ts';

/** A vector's metadata: strings, numbers, booleans and lists of strings or numbers. */
export type Metadata = Readonly<Record<string, unknown>>;

export type MetadataFilter = (metadata: Metadata) => boolean;

type Test = (value: unknown) => boolean;

/**
 * Compiles a filter document, such as `{ "$and": [{ "speaker": "Anna" }, { "year": { "$gte": 2020 } }] }`.
 * @throws AwsError ValidationException for an unknown operator, a wrong operand or a key that the index does not filter by
 */
export function compileFilter(filter: unknown, nonFilterable: ReadonlySet<string>): MetadataFilter {
  const parts = entriesOf(filter, 'a filter').map(([name, operand]): MetadataFilter => {
    if (name === '$and' || name === '$or') {
      const filters = listOf(operand, name).map((one) => compileFilter(one, nonFilterable));
      return name === '$and'
        ? (metadata) => filters.every((matches) => matches(metadata))
        : (metadata) => filters.some((matches) => matches(metadata));
    }
    if (name.startsWith('$'))
      throw invalid(`the operator ${name} is not known; known are $and, $or and, below a key, ${Object.keys(OPERATORS).join(', ')}`);
    if (nonFilterable.has(name)) throw invalid(`the metadata key ${name} is non-filterable in this index`);
    const test = compileTest(operand);
    return (metadata) => test(metadata[name]);
  });
  return (metadata) => parts.every((matches) => matches(metadata));
}

function compileTest(operand: unknown): Test {
  if (typeof operand !== 'object' || operand === null) return OPERATORS['$eq']?.(operand) ?? (() => false);
  const tests = entriesOf(operand, 'a condition').map(([operator, value]) => {
    const compile = OPERATORS[operator];
    if (compile === undefined) throw invalid(`the operator ${operator} is not known; known are ${Object.keys(OPERATORS).join(', ')}`);
    return compile(value);
  });
  return (value) => tests.every((test) => test(value));
}

const OPERATORS: Readonly<Record<string, (operand: unknown) => Test>> = {
  $eq: (operand) => equals(scalar(operand, '$eq')),
  // Metadata without the key is unequal to everything.
  $ne: (operand) => not(equals(scalar(operand, '$ne'))),
  $gt: (operand) => compares(operand, '$gt', (value, bound) => value > bound),
  $gte: (operand) => compares(operand, '$gte', (value, bound) => value >= bound),
  $lt: (operand) => compares(operand, '$lt', (value, bound) => value < bound),
  $lte: (operand) => compares(operand, '$lte', (value, bound) => value <= bound),
  $in: (operand) => isOneOf(listOf(operand, '$in')),
  $nin: (operand) => not(isOneOf(listOf(operand, '$nin'))),
  $exists: (operand) => {
    if (typeof operand !== 'boolean') throw invalid('$exists takes true or false');
    return (value) => (value !== undefined) === operand;
  },
};

function not(test: Test): Test {
  return (value) => !test(value);
}

// A list matches by any of its elements.
function equals(operand: unknown): Test {
  return (value) => (Array.isArray(value) ? value.includes(operand) : value === operand);
}

function isOneOf(operands: readonly unknown[]): Test {
  const wanted = new Set(operands.map((operand) => scalar(operand, '$in')));
  return (value) => (Array.isArray(value) ? value.some((one) => wanted.has(one)) : wanted.has(value));
}

function compares(operand: unknown, operator: string, holds: (value: number, bound: number) => boolean): Test {
  if (typeof operand !== 'number') throw invalid(`${operator} takes a number`);
  return (value) => typeof value === 'number' && holds(value, operand);
}

function scalar(operand: unknown, operator: string): unknown {
  if (['string', 'number', 'boolean'].includes(typeof operand)) return operand;
  throw invalid(`${operator} takes strings, numbers or booleans`);
}

function listOf(operand: unknown, operator: string): readonly unknown[] {
  if (Array.isArray(operand) && operand.length > 0) return operand;
  throw invalid(`${operator} takes a list with at least one element`);
}

function entriesOf(value: unknown, what: string): readonly [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    throw invalid(`${what} must be an object with at least one member`);
  }
  return Object.entries(value);
}

function invalid(why: string): AwsError {
  return new AwsError('ValidationException', `Invalid query filter: ${why}`, 400, { fieldList: [{ path: 'filter', message: why }] });
}
