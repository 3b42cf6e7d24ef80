import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import jsonata from 'jsonata';
import { parseSermon } from '../../containers/embedding/sermon-variable.ts';
import * as errors from '../../lambda/shared/errors.ts';
import { checkDefinition, placeholdersIn } from '../../lib/workflow-definition.ts';
import { type State, statesOf } from './states.ts';

const root = join(import.meta.dirname, '..', '..');
const file = 'statemachines/publish-sermon.asl.json';
const text = readFileSync(join(root, file), 'utf8');
const placeholders = [...placeholdersIn(text)];
const states = statesOf(JSON.parse(text));
const tasks = states.filter(({ state }) => state.Type === 'Task');

/** A workflow of one task, with some of its lines replaced. */
const workflowOf = (task: object): string => JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Work', States: { Work: task } });

test('the text holds', () => {
  expect(() => checkDefinition(text, placeholders, file)).not.toThrow();
});

test('a placeholder without a binding, a binding without a placeholder and a wrong text are refused together', () => {
  const broken = workflowOf({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: '${workArn}' },
    Next: 'Nowhere',
  });
  expect(() => checkDefinition(broken, ['idleArn'], 'x.asl.json')).toThrow(
    /x\.asl\.json does not hold:\n- \$\{workArn\} has no binding\n- the binding idleArn is used nowhere\n- .*Nowhere/,
  );
});

test('a group-by on the context, which CloudFormation would take for a placeholder, is refused', () => {
  const broken = workflowOf({ Type: 'Pass', Output: '{% ${"a": 1} %}', End: true });
  expect(() => checkDefinition(broken, [], 'x.asl.json')).toThrow('has no binding');
});

test('every state has a comment that says why, or needs none', () => {
  const selfEvident = new Set(['Published']);
  expect(states.filter(({ name, state }) => state.Comment === undefined && !selfEvident.has(name)).map(({ name }) => name)).toEqual([]);
});

test('every task has a timeout', () => {
  expect(tasks.filter(({ state }) => state.TimeoutSeconds === undefined).map(({ name }) => name)).toEqual([]);
});

test('every retry is spread out, and a repeated one has a longest delay', () => {
  for (const { name, state } of tasks) {
    const retries = state.Retry ?? [];
    expect([name, retries.length]).not.toEqual([name, 0]);
    for (const retry of retries.filter(({ MaxAttempts }) => MaxAttempts !== 0)) {
      expect([name, retry.JitterStrategy]).toEqual([name, 'FULL']);
      if ((retry.MaxAttempts ?? 3) > 2) expect([name, typeof retry.MaxDelaySeconds]).toEqual([name, 'number']);
    }
  }
});

test('a timeout is never tried again, since it already counts the wait in the queue and the longest run', () => {
  const retried = tasks.filter(({ state }) => catching(state.Retry ?? [], 'States.Timeout'));
  expect(retried.map(({ name }) => name)).toEqual([]);
});

test('no refused upload is tried again', () => {
  const refusals = Object.keys(errors).filter(
    (name) => !['NoSpeechFoundError', 'TranscriptionFailedError', 'ServiceBusyError'].includes(name),
  );
  for (const { name, state } of tasks.filter((task) => task.state.Arguments?.FunctionName !== undefined)) {
    for (const refusal of refusals) expect([name, refusal, catching(state.Retry ?? [], refusal)]).toEqual([name, refusal, false]);
  }
});

test('only the decided outcome "no speech" is caught, so that every other failure leaves its state for a redrive', () => {
  const caught = states.flatMap(({ name, state }) => (state.Catch ?? []).map(({ ErrorEquals }) => [name, ...ErrorEquals]));
  expect(caught).toEqual([['Build transcript', 'NoSpeechFoundError']]);
  expect(states.filter(({ state }) => state.Type === 'Fail')).toEqual([]);
});

test('every error of ours that the workflow names is a class, under that name', () => {
  const named = states.flatMap(({ state }) => [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals));
  const ours = new Set(named.filter((name) => !name.includes('.')));
  expect(ours.size).toBeGreaterThan(0);
  expect([...ours].filter((name) => !(name in errors))).toEqual([]);
});

test('what a service refuses for its arguments is never tried again', () => {
  for (const { name, state } of tasks)
    for (const refusal of ['MediaConvert.BadRequestException', 'ECS.InvalidParameterException'].filter((error) => isOf(state, error)))
      expect([name, catching(state.Retry ?? [], refusal)]).toEqual([name, false]);
});

test('what may pass is tried again: an invocation that was never answered, and a lack of Fargate capacity', () => {
  for (const { name, state } of tasks.filter((task) => task.state.Resource?.startsWith('arn:aws:states:::lambda:invoke')))
    expect([name, catching(state.Retry ?? [], 'Lambda.ClientExecutionTimeoutException')]).toEqual([name, true]);
  const embedding = tasks.find(({ state }) => state.Resource === 'arn:aws:states:::ecs:runTask.sync')?.state.Retry ?? [];
  expect(embedding.find(({ ErrorEquals }) => ErrorEquals.includes('AmazonECS.Unknown'))).toMatchObject({ MaxAttempts: 10 });
});

test('the embedding task is told what it needs within the 8,192 characters that ECS allows, whatever the key', async () => {
  const expression = /"SERMON", "Value": "\{% (.*?) %\}"/.exec(text)?.[1] ?? '';
  const key = `uploads/${'\u0001'.repeat(1000)}.mp3`;
  const needed = { sermonId: 'grace', version: '01', revision: 0, transcript: { hasSpeech: true, passagesKey: 'work/passages.json' } };
  const input = { ...needed, source: { key }, tags: { title: key.slice(0, 200) } };
  const value: unknown = await jsonata(expression).evaluate({}, { states: { input } });
  expect(parseSermon(String(value))).toMatchObject({ sermonId: 'grace', passagesKey: 'work/passages.json' });
  expect(JSON.stringify({ Environment: [{ Name: 'SERMON', Value: value }] }).length).toBeLessThan(8192);
});

test('a run waits for its turn longer each time up to a limit, and a fresh run of an old upload twice as long', async () => {
  const expression = /"Seconds": "\{% (\$ceil.*?) %\}"/.exec(text)?.[1] ?? '';
  const seconds = async (waits: number, revision: number): Promise<number> => {
    const numbers = expression.replace('${longestWaitSeconds}', '300').replace('${shortestWaitSeconds}', '20').replace('$random()', '1');
    return Number(await jsonata(numbers).evaluate({}, { waits, states: { input: { revision } } }));
  };
  expect([await seconds(0, 0), await seconds(1, 0), await seconds(100, 0)]).toEqual([20, 30, 300]);
  expect([await seconds(0, 1), await seconds(100, 2)]).toEqual([40, 600]);
});

test('every state that runs a function of ours has a folder of its own name, without the article', () => {
  const calling = tasks.filter(({ state }) => state.Arguments?.FunctionName !== undefined);
  expect(calling.length).toBeGreaterThan(0);
  for (const { name, state } of calling) {
    const kebab = name.toLowerCase().replace(' the ', ' ').replaceAll(' ', '-');
    expect([name, existsSync(join(root, 'lambda', kebab, 'handler.ts'))]).toEqual([name, true]);
    const camel = kebab.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect([name, state.Arguments?.FunctionName]).toEqual([name, `\${${camel}Arn}`]);
  }
});

const isOf = ({ Resource = '' }: State, error: string): boolean => Resource.includes(`:${error.split('.')[0]?.toLowerCase()}:`);

function catching(rules: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[], error: string): boolean {
  // States.TaskFailed stands for every error but a timeout.
  const matching = rules.find(
    ({ ErrorEquals }) =>
      ErrorEquals.includes(error) ||
      ErrorEquals.includes('States.ALL') ||
      (ErrorEquals.includes('States.TaskFailed') && error !== 'States.Timeout'),
  );
  return matching !== undefined && matching.MaxAttempts !== 0;
}
