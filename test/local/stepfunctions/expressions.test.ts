import { expect, test } from '@jest/globals';
import { evaluate } from '../../../local/stepfunctions/expressions/evaluate.ts';
import type { Json } from '../../../local/stepfunctions/json.ts';

const value = (expression: string, variables: Record<string, Json> = {}): Promise<Json> =>
  evaluate(`{% ${expression} %}`, 'Output', {
    stateName: 'S',
    enteredEventId: 2,
    variables,
    states: { input: { list: [1] }, context: {} },
  });

test.each<[string, Json]>([
  ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
  ['$range(0, 6, 3)', [0, 3, 6]],
  ['$range(3, 1, -1)', [3, 2, 1]],
  ['$parse(\'{"a":[1]}\').a', [1]],
  ["$hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['$random(7) = $random(7)', true],
  ['$length($uuid())', 36],
  ['$states.input.list', [1]],
  ['$states.input.list[0]', 1],
  ["{'a': $missing, 'b': null}", { b: null }],
])('%s gives what AWS gives', async (expression, expected) => {
  expect(await value(expression)).toEqual(expected);
});

test('$eval is refused', async () => {
  await expect(value("$eval('1')")).rejects.toThrow(/threw an error during evaluation\. T1006/);
});

test('an expression that never ends is stopped', async () => {
  await expect(value('($f := function($x) { $f($x + 1) + 1 }; $f(0))')).rejects.toThrow(/States.QueryEvaluationError/);
});

test('a function is no result, however deep', async () => {
  await expect(value("{'a': [$sum]}")).rejects.toThrow(/returned an unsupported result type/);
});

test('what is not wholly an expression is text', async () => {
  const scope = { stateName: 'S', enteredEventId: 2, variables: {}, states: { input: null, context: {} } };
  expect(await evaluate([' {% 1 %}', '$a', '{%'], 'Output', scope)).toEqual([' {% 1 %}', '$a', '{%']);
});
