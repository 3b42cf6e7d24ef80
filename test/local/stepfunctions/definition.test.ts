import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseDefinition } from '../../../local/stepfunctions/definition/parse-definition.ts';
import { nameIntegration } from '../../../local/stepfunctions/tasks/integration-name.ts';

const machine = (states: Record<string, unknown>, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more });

test.each([
  ['a state in JSONPath', { A: { QueryLanguage: 'JSONPath', Type: 'Pass', End: true } }, /only JSONata states run here.* at \/States\/A/],
  [
    'a field of JSONPath',
    { A: { Type: 'Pass', ResultPath: '$.a', End: true } },
    /'ResultPath' belongs to JSONPath.* at \/States\/A\/ResultPath/,
  ],
  ['a misspelt field', { A: { Type: 'Pass', Ouput: 1, End: true } }, /'Ouput' is not supported here at \/States\/A\/Ouput/],
  ['a state without an end', { A: { Type: 'Pass' } }, /either 'Next' or "End": true at \/States\/A/],
  ['a missing target', { A: { Type: 'Pass', Next: 'B' } }, /MISSING_TRANSITION_TARGET: Missing target: B at \/States\/A\/Next/],
  ['a state nobody reaches', { A: { Type: 'Pass', End: true }, B: { Type: 'Pass', End: true } }, /"B" is not reachable at \/States\/B/],
  [
    'a variable called states',
    { A: { Type: 'Pass', Assign: { states: 1 }, End: true } },
    /'states' is reserved.* at \/States\/A\/Assign\/states/,
  ],
  [
    'what is no JSONata',
    { A: { Type: 'Pass', Output: { x: ['{% 1 + %}'] }, End: true } },
    /cannot be parsed.* at \/States\/A\/Output\/x\[0\]/,
  ],
  [
    'a States.ALL that is not last',
    {
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['B'] }],
        End: true,
      },
    },
    /States.ALL must stand alone, in the last entry at \/States\/A\/Retry\[0\]\/ErrorEquals/,
  ],
  [
    'a fault inside a branch',
    { A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Wait', End: true } } }], End: true } },
    /either 'Seconds' or 'Timestamp' at \/States\/A\/Branches\[0\]\/States\/B/,
  ],
])('a definition with %s is refused, with the place of the fault', (_what, states, message) => {
  expect(() => parseDefinition(machine(states))).toThrow(message);
});

test('a Resource that nobody here serves is refused at creation', () => {
  const tasks = {
    integration: (resource: string): never => {
      nameIntegration(resource);
      throw new Error('the integration glue:startJobRun is not supported here');
    },
  };
  const states = { A: { Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun', End: true } };
  expect(() => parseDefinition(machine(states), tasks)).toThrow(/glue:startJobRun is not supported here at \/States\/A\/Resource/);
});

test('the workflow of this repository is one that runs here', () => {
  const text = readFileSync(new URL('../../../statemachines/publish-sermon.asl.json', import.meta.url), 'utf8');
  expect(parseDefinition(text.replaceAll(/\$\{[A-Za-z]+\}/g, '1')).startAt).toBe('Let uploads settle');
});
