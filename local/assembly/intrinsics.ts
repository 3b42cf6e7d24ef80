/** A value of a template: JSON in which an object of one key may be an intrinsic function. */
export type TemplateValue = unknown;

/** What intrinsics refer to. */
export interface Scope {
  /** `Ref` of a resource, parameter or pseudo parameter. @throws when there is none */
  ref(name: string): unknown;
  /** `Fn::GetAtt`. @throws when there is none */
  attribute(logicalId: string, attribute: string): string;
  /** `Fn::ImportValue`. @throws when nothing exports it */
  imported(exportName: string): string;
  /** `Fn::FindInMap`. */
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly region: string;
}

type Evaluate = (value: TemplateValue) => unknown;
type Intrinsic = (argument: TemplateValue, evaluate: Evaluate, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, _evaluate, scope) => scope.ref(text(argument, 'Ref')),
  'Fn::GetAtt': (argument, evaluate, scope) => {
    const [logicalId, attribute] =
      typeof argument === 'string' ? splitAttribute(argument) : list(evaluate(argument), 'Fn::GetAtt').map(String);
    return scope.attribute(logicalId ?? '', attribute ?? '');
  },
  'Fn::Join': (argument, evaluate) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    return list(evaluate(parts), 'Fn::Join').map(String).join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': (argument, evaluate, scope) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const known = evaluate(variables) as Record<string, unknown>;
    return substitute(text(template, 'Fn::Sub'), known, scope);
  },
  'Fn::Select': (argument, evaluate) => {
    const [index, choices] = list(argument, 'Fn::Select');
    const all = list(evaluate(choices), 'Fn::Select');
    const chosen = all[Number(evaluate(index))];
    if (chosen === undefined) throw new Error(`Fn::Select asks for item ${String(index)} of ${all.length}`);
    return chosen;
  },
  'Fn::Split': (argument, evaluate) => {
    const [separator, whole] = list(argument, 'Fn::Split');
    return text(evaluate(whole), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::Base64': (argument, evaluate) => Buffer.from(text(evaluate(argument), 'Fn::Base64')).toString('base64'),
  'Fn::GetAZs': (_argument, _evaluate, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
  'Fn::ImportValue': (argument, evaluate, scope) => scope.imported(text(evaluate(argument), 'Fn::ImportValue')),
  'Fn::FindInMap': (argument, evaluate, scope) => {
    const [map, first, second] = list(evaluate(argument), 'Fn::FindInMap').map(String);
    const found = scope.mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
    if (found === undefined) throw new Error(`Fn::FindInMap finds nothing at ${map}.${first}.${second}`);
    return found;
  },
};

/**
 * Replaces every intrinsic by its value.
 * @throws Error for an intrinsic that is not known, by name
 */
export function resolveIntrinsics(value: TemplateValue, scope: Scope): unknown {
  const evaluate: Evaluate = (inner) => resolveIntrinsics(inner, scope);
  if (Array.isArray(value)) return value.map(evaluate).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries.length === 1 ? (entries[0] ?? ['', undefined]) : ['', undefined];
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(argument, evaluate, scope);
  if (name.startsWith('Fn::')) {
    throw new Error(`the template uses ${name}, which the local cloud does not know; known are ${Object.keys(INTRINSICS).join(', ')}`);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, evaluate(inner)]).filter(([, inner]) => inner !== undefined));
}

/** Logical ids (and pseudo parameters) that a value refers to, so that resources can be deployed in order. */
export function referencesIn(value: TemplateValue): ReadonlySet<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: TemplateValue, found: Set<string>): void {
  if (Array.isArray(value)) value.forEach((item) => collect(item, found));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Ref' && typeof inner === 'string') found.add(inner);
      else if (key === 'Fn::GetAtt') found.add(String(Array.isArray(inner) ? inner[0] : splitAttribute(String(inner))[0]));
      else if (key === 'Fn::Sub') collectFromSub(inner, found);
      collect(inner, found);
    }
  }
}

function collectFromSub(argument: unknown, found: Set<string>): void {
  const template = Array.isArray(argument) ? argument[0] : argument;
  for (const match of String(template).matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(splitAttribute(match[1] ?? '')[0] ?? '');
}

function substitute(template: string, variables: Readonly<Record<string, unknown>>, scope: Scope): string {
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in variables) return String(variables[name]);
    const [logicalId = '', attribute] = splitAttribute(name);
    return attribute === undefined ? String(scope.ref(name)) : scope.attribute(logicalId, attribute);
  });
}

function splitAttribute(reference: string): readonly string[] {
  const dot = reference.indexOf('.');
  return dot < 0 ? [reference] : [reference.slice(0, dot), reference.slice(dot + 1)];
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Error(`${where} needs a string, got ${JSON.stringify(value)}`);
  return value;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} needs a list, got ${JSON.stringify(value)}`);
  return value;
}
