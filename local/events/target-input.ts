import type { Members } from '../gateway/service.ts';

/** What a rule's target is given, and under which name the rule is known. */
export interface TargetInputContext {
  readonly ruleArn: string;
  readonly ruleName: string;
}

/** Turns a delivered event into what one target receives, as text. */
export type TargetInput = (envelope: Members) => string;

/**
 * Compiles a target's `Input`, `InputPath` or `InputTransformer`; without any, the target receives the event itself.
 * @throws Error for a path that cannot be understood
 */
export function compileInput(target: Members, context: TargetInputContext): TargetInput {
  const { Input: constant, InputPath: path, InputTransformer: transformer } = target;
  if (typeof constant === 'string') return () => constant;
  if (typeof path === 'string') {
    const select = compilePath(path);
    return (envelope) => JSON.stringify(select(envelope) ?? null);
  }
  if (transformer !== undefined) return compileTransformer(transformer, context);
  return (envelope) => JSON.stringify(envelope);
}

function compileTransformer(transformer: Members, context: TargetInputContext): TargetInput {
  const selectors = new Map(Object.entries<string>(transformer['InputPathsMap'] ?? {}).map(([name, path]) => [name, compilePath(path)]));
  const template = String(transformer['InputTemplate']);
  const isText = !/^\s*[{["<]/.test(template);
  return (envelope) => {
    const values = new Map<string, unknown>([...selectors].map(([name, select]) => [name, select(envelope)]));
    values.set('aws.events.rule-arn', context.ruleArn);
    values.set('aws.events.rule-name', context.ruleName);
    values.set('aws.events.event.ingestion-time', envelope['time']);
    values.set('aws.events.event', envelope).set('aws.events.event.json', envelope);
    return fill(template, values, isText);
  };
}

/** Inside a quoted string a value stands as its bare text, outside as JSON. */
function fill(template: string, values: ReadonlyMap<string, unknown>, isText: boolean): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (part: string, name: string | undefined) => {
    if (part === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return part;
    const value = values.get(name);
    if (!quoted && !isText) return JSON.stringify(value ?? null);
    const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    return isText ? text : JSON.stringify(text).slice(1, -1);
  });
}

/** `$`, `$.detail.object.key`, `$.resources[0]`. */
function compilePath(path: string): (value: unknown) => unknown {
  if (!/^\$(\.[\w-]+|\[\d+\])*$/.test(path)) throw new Error(`the path "${path}" is not supported; use $.field.field[0]`);
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, field, index]) => field ?? index ?? '');
  return (value) => steps.reduce(stepInto, value);
}

function stepInto(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
}
