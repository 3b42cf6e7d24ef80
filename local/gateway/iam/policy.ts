import type { Permission } from '../service.ts';
import { compileConditions, type Conditions } from './conditions.ts';
import { glob } from './glob.ts';

/** A policy document as templates write it. */
export interface PolicyDocument {
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

/** What a set of policies says of one permission. */
export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** A statement made ready to be asked often. */
export interface CompiledStatement {
  readonly effect: 'Allow' | 'Deny';
  matches(permission: Permission, context: Readonly<Record<string, string>>): boolean;
}

/**
 * Makes a policy ready to be asked.
 * @throws Error when it holds an effect or a condition operator that is not known: guessing would allow what AWS refuses
 */
export function compilePolicy(document: PolicyDocument): readonly CompiledStatement[] {
  const statements: readonly PolicyStatement[] = asList(document.Statement);
  return statements.map(compileStatement);
}

/** Any deny wins; without an allow the answer is an implicit deny. */
export function decide(
  statements: Iterable<CompiledStatement>,
  permission: Permission,
  context: Readonly<Record<string, string>>,
): Decision {
  let allowed = false;
  for (const statement of statements) {
    if (!statement.matches(permission, context)) continue;
    if (statement.effect === 'Deny') return 'explicit-deny';
    allowed = true;
  }
  return allowed ? 'allow' : 'implicit-deny';
}

function compileStatement(statement: PolicyStatement): CompiledStatement {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw new Error(`a policy statement has the effect ${statement.Effect}; write Allow or Deny`);
  }
  const action = side(statement.Action, statement.NotAction, 'i');
  const resource = side(statement.Resource, statement.NotResource, '');
  const conditions = compileConditions(statement.Condition ?? {});
  return {
    effect: statement.Effect,
    matches: (permission, context) => action(permission.action) && resource(permission.resource) && conditions(context),
  };
}

// A statement names either what it covers or what it leaves out. Actions ignore case, resources do not.
function side(
  covered: string | readonly string[] | undefined,
  leftOut: string | readonly string[] | undefined,
  flags: '' | 'i',
): (value: string) => boolean {
  const matches = anyGlob(asList(covered ?? leftOut ?? []), flags);
  return covered === undefined ? (value) => !matches(value) : matches;
}

function anyGlob(patterns: readonly string[], flags: '' | 'i'): (value: string) => boolean {
  const expressions = patterns.map((pattern) => glob(pattern, flags));
  return (value) => expressions.some((expression) => expression.test(value));
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
