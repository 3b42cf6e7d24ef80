/** Whether one value of an event fits; `undefined` stands for a field that is not there. */
export type Condition = (value: unknown) => boolean;

type Compiler = (operand: unknown, path: string) => Condition;

const COMPILERS: Readonly<Record<string, Compiler>> = {
  prefix: textTest((value, operand) => value.startsWith(operand)),
  suffix: textTest((value, operand) => value.endsWith(operand)),
  'equals-ignore-case': compileIgnoreCase,
  wildcard: compileWildcard,
  numeric: compileNumeric,
  exists: compileExists,
  'anything-but': compileAnythingBut,
};

/**
 * Compiles one element of a pattern's array: a plain value, or an object with one operator.
 * @throws Error for an unknown operator
 */
export function compileCondition(item: unknown, path: string): Condition {
  if (typeof item !== 'object' || item === null) return (value) => value === item;
  const [entry, ...others] = Object.entries(item);
  if (entry === undefined || others.length > 0)
    throw new Error(`event pattern${path}: a condition has exactly one operator, got ${JSON.stringify(item)}`);
  const [operator, operand] = entry;
  const compile = COMPILERS[operator];
  if (compile === undefined) {
    throw new Error(
      `event pattern${path}: the operator "${operator}" is not supported; there are ${Object.keys(COMPILERS).join(', ')} and $or`,
    );
  }
  return compile(operand, path);
}

/** An operator on text whose operand is text, or `{ "equals-ignore-case": text }`. */
function textTest(test: (value: string, operand: string) => boolean): Compiler {
  return (operand, path) => {
    if (typeof operand === 'string') return (value) => typeof value === 'string' && test(value, operand);
    const folded: unknown =
      typeof operand === 'object' && operand !== null && 'equals-ignore-case' in operand ? operand['equals-ignore-case'] : undefined;
    const text = textOf(folded, path).toLowerCase();
    return (value) => typeof value === 'string' && test(value.toLowerCase(), text);
  };
}

function compileIgnoreCase(operand: unknown, path: string): Condition {
  const text = textOf(operand, path).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === text;
}

function compileWildcard(operand: unknown, path: string): Condition {
  const text = textOf(operand, path);
  if (text.includes('**'))
    throw new Error(`event pattern${path}: consecutive wildcard characters are not allowed in ${JSON.stringify(text)}`);
  // A backslash makes the next star or backslash literal.
  const source = text.replace(/\\[\\*]|\*|[^\\*]+|\\/g, (part) =>
    part === '*' ? '.*' : part.replace(/^\\(.)$/, '$1').replace(/[.+^${}()|[\]\\*?]/g, '\\$&'),
  );
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function compileNumeric(operand: unknown, path: string): Condition {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) {
    throw new Error(`event pattern${path}: numeric needs pairs of a comparison and a number, got ${JSON.stringify(operand)}`);
  }
  const tests = Array.from({ length: operand.length / 2 }, (_, pair) => {
    const compare = COMPARISONS[String(operand[pair * 2])];
    const limit: unknown = operand[pair * 2 + 1];
    if (compare === undefined || typeof limit !== 'number') {
      throw new Error(
        `event pattern${path}: numeric compares by ${Object.keys(COMPARISONS).join(' ')} with a number, got ${JSON.stringify(operand)}`,
      );
    }
    return (value: number) => compare(value, limit);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function compileExists(operand: unknown, path: string): Condition {
  if (typeof operand !== 'boolean') throw new Error(`event pattern${path}: exists must be true or false, got ${JSON.stringify(operand)}`);
  // Only leaves exist for EventBridge: an object is no value.
  return (value) => (value !== undefined && (typeof value !== 'object' || value === null)) === operand;
}

function compileAnythingBut(operand: unknown, path: string): Condition {
  const isOperator = typeof operand === 'object' && operand !== null && !Array.isArray(operand);
  const refused = isOperator ? refusedByOperator(operand, path) : [operand].flat().map((item) => compileCondition(item, path));
  return (value) => value !== undefined && (typeof value !== 'object' || value === null) && !refused.some((condition) => condition(value));
}

function refusedByOperator(operand: object, path: string): readonly Condition[] {
  return Object.entries(operand).flatMap(([operator, texts]) => {
    if (!['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(operator)) {
      throw new Error(`event pattern${path}: anything-but does not take the operator "${operator}"`);
    }
    return [texts].flat().map((text: unknown) => compileCondition({ [operator]: text }, path));
  });
}

function textOf(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new Error(`event pattern${path}: text expected, got ${JSON.stringify(operand)}`);
  return operand;
}
