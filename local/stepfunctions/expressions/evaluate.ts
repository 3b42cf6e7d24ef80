import { isList, isObject, typeName, type Json, type JsonObject } from '../json.ts';
import { StateFailedError } from '../state-failure.ts';
import { compile, isExpression, sourceOf } from './expression.ts';
import { STEP_FUNCTIONS } from './functions.ts';

/** What expressions of a state may name. */
export interface Scope {
  /** For error texts. */
  readonly stateName: string;
  readonly enteredEventId: number;
  /** `$states`. */
  readonly states: {
    readonly input: Json;
    readonly context: JsonObject;
    readonly result?: Json;
    readonly errorOutput?: Json;
  };
  /** Variables by name. */
  readonly variables: Readonly<Record<string, Json>>;
}

/** What a field may evaluate to. */
export type Expected = 'array' | 'boolean' | 'integer' | 'string';

/**
 * Evaluates a field: every expression in it, however deep, is replaced by its value.
 * @param field where it stands in the state, for error texts: `Output`
 * @throws StateFailedError States.QueryEvaluationError
 */
export async function evaluate(template: Json, field: string, scope: Scope): Promise<Json> {
  if (typeof template === 'string') return isExpression(template) ? query(sourceOf(template), field, scope) : template;
  if (isList(template)) {
    const values: Json[] = [];
    for (const [index, element] of template.entries()) values.push(await evaluate(element, `${field}[${index}]`, scope));
    return values;
  }
  if (!isObject(template)) return template;
  const members: Record<string, Json> = {};
  for (const [key, member] of Object.entries(template)) members[key] = await evaluate(member, `${field}/${key}`, scope);
  return members;
}

/** Evaluates a field that must be of one type. @throws StateFailedError States.QueryEvaluationError */
export async function evaluateAs(expected: Expected, template: Json, field: string, scope: Scope): Promise<Json> {
  const value = await evaluate(template, field, scope);
  const fits = expected === 'integer' ? Number.isInteger(value) : typeName(value) === expected;
  if (fits) return value;
  const source = typeof template === 'string' && isExpression(template) ? sourceOf(template) : JSON.stringify(template);
  throw failedQuery(
    scope,
    field,
    `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
  );
}

/** Evaluates a field that counts something: a whole number, zero or more. @throws StateFailedError */
export async function evaluateCount(template: Json, field: string, scope: Scope): Promise<number> {
  const value = await evaluateAs('integer', template, field, scope);
  if (typeof value === 'number' && value >= 0) return value;
  throw failedQuery(scope, field, `The ${field} field must be a non-negative integer, but was ${JSON.stringify(value)}`);
}

/** A failure of a field, told as AWS tells it. */
export function failedQuery(
  scope: Pick<Scope, 'stateName' | 'enteredEventId'>,
  field: string,
  what: string,
  afterEntry = false,
): StateFailedError {
  const cause = `An error occurred while executing the state '${scope.stateName}' (entered at the event id #${scope.enteredEventId}). ${what}`;
  return new StateFailedError({ error: 'States.QueryEvaluationError', cause }, { location: field, afterEntry });
}

async function query(source: string, field: string, scope: Scope): Promise<Json> {
  const quoted = `The JSONata expression '${source}' specified for the field '${field}'`;
  let value: unknown;
  try {
    value = await compile(source).evaluate(undefined, { ...STEP_FUNCTIONS, ...scope.variables, states: scope.states });
  } catch (error) {
    throw failedQuery(scope, field, `${quoted} threw an error during evaluation. ${told(error)}`);
  }
  if (value === undefined) throw failedQuery(scope, field, `${quoted} returned nothing (undefined).`);
  const json = plain(value);
  if (json === undefined) throw failedQuery(scope, field, `${quoted} returned an unsupported result type.`);
  return json;
}

/** A copy without what JSONata adds to its lists; undefined when there is a function in it. */
function plain(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (Array.isArray(value)) {
    const copies = value.map(plain);
    return copies.every((copy) => copy !== undefined) ? copies : undefined;
  }
  if (typeof value !== 'object' || isFunction(value)) return undefined;
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    // A member that is undefined is no member, as in JSON.
    if (member === undefined) continue;
    const json = plain(member);
    if (json === undefined) return undefined;
    copy[key] = json;
  }
  return copy;
}

function isFunction(value: object): boolean {
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}

function told(error: unknown): string {
  if (!(error instanceof Object) || !('message' in error) || typeof error.message !== 'string') return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message}`;
}
