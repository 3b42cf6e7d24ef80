import type { JsonObject } from '../json.ts';
import type { Fields } from './fields.ts';
import { parseFallible } from './parse-retry.ts';
import type { ChoiceRule, Exit, Flow, State } from './state-machine.ts';

/** What a state's parser is given by the flow that it stands in. */
export interface Surroundings {
  /** Query language where the state names none. */
  readonly language: string;
  readonly parseFlow: (raw: JsonObject, location: string, language: string) => Flow;
}

/** Reads one state; undefined (and a noted fault) when it is not one that runs here. */
export function parseState(name: string, fields: Fields, { language, parseFlow }: Surroundings): State | undefined {
  const queryLanguage = fields.string('QueryLanguage') ?? language;
  if (queryLanguage !== 'JSONata') {
    fields.fault(`The state '${name}' uses ${queryLanguage}; only JSONata states run here: set "QueryLanguage": "JSONata"`);
    return undefined;
  }
  if (name.length > 80) fields.fault('The name of a state may have at most 80 characters');
  const type = fields.requiredString('Type');
  const parser = PARSERS[type];
  if (parser === undefined) {
    fields.fault(`Value must be one of ${Object.keys(PARSERS).join(', ')}`, 'Type');
    return undefined;
  }
  const state = parser(name, fields, (raw, location) => parseFlow(raw, location, queryLanguage));
  fields.finish();
  return state;
}

type ParseInner = (raw: JsonObject, location: string) => Flow;
type StateParser = (name: string, fields: Fields, parseInner: ParseInner) => State;

const PARSERS: Readonly<Record<string, StateParser>> = {
  Task: (name, fields) => ({
    type: 'Task',
    name,
    resource: fields.requiredString('Resource'),
    ...present('arguments', fields.template('Arguments')),
    ...present('timeoutSeconds', fields.numberOrExpression('TimeoutSeconds', 1)),
    ...present('heartbeatSeconds', fields.numberOrExpression('HeartbeatSeconds', 1)),
    ...parseFallible(fields),
    ...parseExit(fields),
  }),
  Pass: (name, fields) => ({ type: 'Pass', name, ...parseExit(fields) }),
  Choice: (name, fields) => {
    const choices = fields.objects('Choices').map(parseRule);
    if (choices.length === 0) fields.fault("The field 'Choices' must have at least one rule");
    return { type: 'Choice', name, choices, ...present('default', fields.string('Default')), ...parseResult(fields) };
  },
  Wait: (name, fields) => {
    if (fields.has('Seconds') === fields.has('Timestamp')) fields.fault("A Wait state has either 'Seconds' or 'Timestamp'");
    const seconds = present('seconds', fields.numberOrExpression('Seconds', 0));
    return { type: 'Wait', name, ...seconds, ...present('timestamp', fields.text('Timestamp')), ...parseExit(fields) };
  },
  Succeed: (name, fields) => ({ type: 'Succeed', name, ...present('output', fields.template('Output')) }),
  Fail: (name, fields) => ({ type: 'Fail', name, ...present('error', fields.text('Error')), ...present('cause', fields.text('Cause')) }),
  Parallel: (name, fields, parseInner) => {
    const branches = fields.objects('Branches').map((branch) => parseInner(branch.raw, branch.location));
    if (branches.length === 0) fields.fault("The field 'Branches' must have at least one branch");
    return {
      type: 'Parallel',
      name,
      branches,
      ...present('arguments', fields.template('Arguments')),
      ...parseFallible(fields),
      ...parseExit(fields),
    };
  },
  Map: (name, fields, parseInner) => {
    const processor = fields.object('ItemProcessor');
    if (processor === undefined) fields.fault("The field 'ItemProcessor' is required");
    return {
      type: 'Map',
      name,
      processor: parseInner(processor ?? {}, fields.at('ItemProcessor')),
      ...present('items', fields.template('Items')),
      ...present('itemSelector', fields.template('ItemSelector')),
      ...present('maxConcurrency', fields.numberOrExpression('MaxConcurrency', 0)),
      ...present('toleratedFailureCount', fields.numberOrExpression('ToleratedFailureCount', 0)),
      ...present('toleratedFailurePercentage', fields.numberOrExpression('ToleratedFailurePercentage', 0)),
      ...parseFallible(fields),
      ...parseExit(fields),
    };
  },
};

function parseRule(fields: Fields): ChoiceRule {
  const condition = fields.template('Condition');
  if (condition === undefined) fields.fault("The field 'Condition' is required");
  const rule = { condition: condition ?? true, next: fields.requiredString('Next'), ...parseResult(fields) };
  fields.finish();
  return rule;
}

function parseResult(fields: Fields): Pick<Exit, 'assign' | 'output'> {
  return { ...present('assign', fields.assignments('Assign')), ...present('output', fields.template('Output')) };
}

function parseExit(fields: Fields): Exit {
  const next = fields.string('Next');
  const end = fields.flag('End') ?? false;
  if ((next !== undefined) === end) fields.fault('A state has either \'Next\' or "End": true');
  return { ...parseResult(fields), ...present('next', next) };
}

/** One member, or none: an absent field stays absent. */
export function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  const member: Partial<Record<K, V>> = {};
  if (value !== undefined) member[key] = value;
  return member;
}
