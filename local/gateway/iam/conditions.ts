import { glob } from './glob.ts';

/** `Condition` of a policy statement: operator -> key -> wanted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

type Test = (actual: string, wanted: string) => boolean;

// Key names ignore case; values do as their operator says.
const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => glob(wanted).test(actual),
  ArnEquals: (actual, wanted) => glob(wanted).test(actual),
  ArnLike: (actual, wanted) => glob(wanted).test(actual),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  NumericEquals: (actual, wanted) => Number(actual) === Number(wanted),
  NumericLessThan: (actual, wanted) => Number(actual) < Number(wanted),
  NumericLessThanEquals: (actual, wanted) => Number(actual) <= Number(wanted),
  NumericGreaterThan: (actual, wanted) => Number(actual) > Number(wanted),
  NumericGreaterThanEquals: (actual, wanted) => Number(actual) >= Number(wanted),
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/**
 * Makes conditions ready to be asked with the values of a request.
 * @throws Error for an operator that is not known
 */
export function compileConditions(conditions: Conditions): (context: Readonly<Record<string, string>>) => boolean {
  const tests = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => compileOne(operator, key, (Array.isArray(wanted) ? wanted : [wanted]).map(String))),
  );
  return (context) => tests.every((test) => test(context));
}

function compileOne(operator: string, key: string, wanted: readonly string[]): (context: Readonly<Record<string, string>>) => boolean {
  const wantedKey = key.toLowerCase();
  const actualOf = (context: Readonly<Record<string, string>>): string | undefined =>
    Object.entries(context).find(([name]) => name.toLowerCase() === wantedKey)?.[1];
  if (operator === 'Null') return (context) => String(actualOf(context) === undefined) === wanted[0];

  const ifExists = operator.endsWith('IfExists');
  const base = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  const positive = NEGATED[base];
  const test = TESTS[positive ?? base];
  if (test === undefined) {
    throw new Error(
      `a policy uses the condition operator ${operator}, which the local cloud does not know; known are ${[...Object.keys(TESTS), ...Object.keys(NEGATED), 'Null'].join(', ')}`,
    );
  }
  return (context) => {
    const actual = actualOf(context);
    // A missing key fails a positive test and passes a negated one, as IAM documents it.
    if (actual === undefined) return ifExists || positive !== undefined;
    const any = wanted.some((value) => test(actual, value));
    return positive === undefined ? any : !any;
  };
}
