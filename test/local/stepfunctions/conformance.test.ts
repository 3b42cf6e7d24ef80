import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { firstDifference } from '../../../local/stepfunctions/conformance/compare.ts';
import { runCase } from '../../../local/stepfunctions/conformance/run-case.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const TASK = {
  QueryLanguage: 'JSONata',
  StartAt: 'Ask',
  States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Retry: [{ ErrorEquals: ['Busy'] }], End: true } },
};
const recorded = (more: object = {}) => ({
  name: 'a case',
  definition: JSON.stringify(TASK),
  input: '{}',
  tasks: {
    Ask: [
      { outcome: 'TaskFailed', error: 'Busy' },
      { outcome: 'TaskSucceeded', output: { a: 1 } },
    ],
  },
  events: [],
  ...more,
});

const loose = (type: string) => ({ id: [0], previousEventId: 0, type });
const strict = (id: number, type: string) => ({ id, previousEventId: id - 1, type });

test('tasks are answered in the order of the recording, and no retry is waited for', async () => {
  const { status, events } = await runCase(recorded());
  expect(status).toBe('SUCCEEDED');
  expect(events.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(2);
});

test('payloads are compared as values, and placeholders match anything', () => {
  const actual = { id: 2, type: 'A', stateEnteredEventDetails: { input: '{"b":1,"a":[ "x-1-y" ]}' }, timestamp: 'now' };
  expect(
    firstDifference(
      [{ id: 2, type: 'A', stateEnteredEventDetails: { input: { a: ['x-<uuid:1>-y'], b: 1 } }, timestamp: 'timestamp' }],
      [actual],
    ),
  ).toBeUndefined();
});

test.each([
  ['another id', { id: 3, previousEventId: 1, type: 'A' }],
  ['another predecessor', { id: 2, previousEventId: 2, type: 'A' }],
  ['one detail more', { id: 2, previousEventId: 1, type: 'A', details: {} }],
])('a history with %s does not match', (_what, actual) => {
  expect(firstDifference([{ id: 2, previousEventId: 1, type: 'A' }], [actual])).toMatch(/^event 1/);
});

test('events inside a recorded Parallel match in any order, but none may be missing', () => {
  expect(firstDifference([loose('A'), loose('B'), strict(4, 'C')], [strict(2, 'B'), strict(3, 'A'), strict(4, 'C')])).toBeUndefined();
  expect(firstDifference([loose('A'), loose('B')], [strict(2, 'B'), strict(3, 'C')])).toMatch(/no event like/);
});

test('the command writes results in the shape of GetExecutionHistory', () => {
  const folder = tempFolder();
  const [cases, out] = [join(folder, 'cases.json'), join(folder, 'results.json')];
  writeFileSync(cases, JSON.stringify([{ ...recorded(), definition: TASK }]));
  const command = fileURLToPath(new URL('../../../local/stepfunctions/conformance.ts', import.meta.url));
  execFileSync(process.execPath, ['--no-warnings', command, cases, '--out', out]);
  const program = `console.log(JSON.parse(require('node:fs').readFileSync(${JSON.stringify(out)}, 'utf8'))[0].events.at(-1).executionSucceededEventDetails.output)`;
  expect(execFileSync(process.execPath, ['-e', program]).toString().trim()).toBe('{"a":1}');
});
