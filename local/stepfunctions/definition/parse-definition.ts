import { AwsError } from '../../gateway/aws-error.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../json.ts';
import { Fields, type Fault } from './fields.ts';
import { parseState } from './parse-state.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Definition, Flow, State } from './state-machine.ts';

/**
 * Reads a state machine's definition and checks all of it.
 * @param tasks checks every Task's Resource too
 * @throws AwsError InvalidDefinition, naming every fault with its place
 */
export function parseDefinition(text: string, tasks?: TaskRunner): Definition {
  const faults: Fault[] = [];
  const definition = read(text, faults);
  if (tasks !== undefined && definition !== undefined) checkResources(definition, '', tasks, faults);
  if (definition !== undefined && faults.length === 0) return definition;
  const told = faults.map(({ code, message, location }) => `${code}: ${message} at ${location}`).join(', ');
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${told}'`);
}

function read(text: string, faults: Fault[]): Definition | undefined {
  let raw: Json;
  try {
    raw = parseJson(text);
  } catch (error) {
    faults.push({ code: 'INVALID_JSON_DESCRIPTION', message: String(error), location: '/' });
    return undefined;
  }
  if (!isObject(raw)) {
    faults.push({ code: 'INVALID_JSON_DESCRIPTION', message: 'the definition must be an object', location: '/' });
    return undefined;
  }
  const fields = new Fields(raw, '', faults);
  const timeoutSeconds = fields.number('TimeoutSeconds', 1);
  fields.string('Version');
  const flow = parseFlow(fields, fields.string('QueryLanguage') ?? 'JSONPath', faults);
  fields.finish();
  return { ...flow, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
}

/** Reads StartAt and States, and checks that every transition has a target and every state is reached. */
function parseFlow(fields: Fields, language: string, faults: Fault[]): Flow {
  const startAt = fields.requiredString('StartAt');
  const raw = fields.object('States') ?? {};
  const parseInner = (inner: JsonObject, location: string, innerLanguage: string): Flow => {
    const innerFields = new Fields(inner, location, faults);
    const flow = parseFlow(innerFields, innerLanguage, faults);
    // A Map's processor says how it runs; only INLINE does here.
    if (innerFields.object('ProcessorConfig')?.['Mode'] === 'DISTRIBUTED')
      innerFields.fault('A Map in mode DISTRIBUTED does not run here; use INLINE', 'ProcessorConfig');
    innerFields.finish();
    return flow;
  };
  const states = new Map<string, State>();
  for (const [name, rawState] of Object.entries(raw)) {
    const location = `${fields.at('States')}/${name}`;
    if (!isObject(rawState)) {
      faults.push({ code: 'SCHEMA_VALIDATION_FAILED', message: 'a state must be an object', location });
      continue;
    }
    const state = parseState(name, new Fields(rawState, location, faults), { language, parseFlow: parseInner });
    if (state !== undefined) states.set(name, state);
  }
  checkTransitions({ startAt, states }, new Set(Object.keys(raw)), fields);
  return { startAt, states };
}

function checkTransitions({ startAt, states }: Flow, names: ReadonlySet<string>, fields: Fields): void {
  const missing = (target: string, field: string): void => {
    if (!names.has(target)) fields.fault(`Missing target: ${target}`, field, 'MISSING_TRANSITION_TARGET');
  };
  missing(startAt, 'StartAt');
  const targeted = new Set([startAt]);
  for (const state of states.values()) {
    for (const [field, target] of targetsOf(state)) {
      targeted.add(target);
      missing(target, `States/${state.name}/${field}`);
    }
  }
  for (const name of names) {
    if (!targeted.has(name)) fields.fault(`State "${name}" is not reachable`, `States/${name}`, 'MISSING_TRANSITION_TARGET');
  }
}

function targetsOf(state: State): readonly (readonly [field: string, target: string])[] {
  const targets: [string, string][] = [];
  if ('next' in state && state.next !== undefined) targets.push(['Next', state.next]);
  if ('catch' in state) for (const [index, { next }] of state.catch.entries()) targets.push([`Catch[${index}]/Next`, next]);
  if (state.type === 'Choice') {
    for (const [index, { next }] of state.choices.entries()) targets.push([`Choices[${index}]/Next`, next]);
    if (state.default !== undefined) targets.push(['Default', state.default]);
  }
  return targets;
}

/** Notes every Task that nobody here can do. */
function checkResources({ states }: Flow, location: string, tasks: TaskRunner, faults: Fault[]): void {
  for (const state of states.values()) {
    const place = `${location}/States/${state.name}`;
    if (state.type === 'Map') checkResources(state.processor, `${place}/ItemProcessor`, tasks, faults);
    if (state.type === 'Parallel')
      for (const [index, branch] of state.branches.entries()) checkResources(branch, `${place}/Branches[${index}]`, tasks, faults);
    if (state.type !== 'Task') continue;
    try {
      tasks.integration(state.resource);
    } catch (error) {
      faults.push({
        code: 'SCHEMA_VALIDATION_FAILED',
        message: error instanceof Error ? error.message : String(error),
        location: `${place}/Resource`,
      });
    }
  }
}
