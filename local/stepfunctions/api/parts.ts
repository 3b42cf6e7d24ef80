import type { Cloud } from '../../cloud.ts';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members } from '../../gateway/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { Execution } from '../engine/execution.ts';
import type { StateMachines } from '../state-machines.ts';

/** What the API actions work on. */
export interface StepFunctionsParts {
  readonly cloud: Cloud;
  readonly engine: Engine;
  readonly machines: StateMachines;
}

/** The execution that a request names. @throws AwsError ExecutionDoesNotExist */
export function executionIn({ engine }: StepFunctionsParts, input: Members): Execution {
  const arn = textIn(input, 'executionArn');
  const execution = engine.executions.find(arn);
  if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** A member that must be there and be text. @throws AwsError ValidationException */
export function textIn(input: Members, member: string): string {
  const value: unknown = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must be a non-empty string`,
  );
}

/** Text that may be missing. */
export function optionalText(input: Members, member: string): string | undefined {
  const value: unknown = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A page of a list: where it begins and how long it may be. @throws AwsError InvalidToken, ValidationException */
export function pageIn(input: Members): { readonly skip: number; readonly limit: number } {
  const { nextToken, maxResults = 0 }: Members = input;
  // 0 means the default, 100; at most 1,000 (Step Functions API).
  if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > 1000) {
    throw new AwsError('ValidationException', `maxResults is ${String(maxResults)}; it must be a whole number from 0 to 1000`);
  }
  const skip = nextToken === undefined ? 0 : Number(Buffer.from(String(nextToken), 'base64url').toString());
  if (!Number.isInteger(skip) || skip < 0) throw new AwsError('InvalidToken', `Invalid Token: '${String(nextToken)}'`);
  return { skip, limit: Number(maxResults) === 0 ? 100 : Number(maxResults) };
}

/** The answer's page out of one element more than fits, and the token for the next. */
export function pageOf<T>(
  found: readonly T[],
  { skip, limit }: { readonly skip: number; readonly limit: number },
): { readonly page: readonly T[]; readonly next: Members } {
  const next = found.length > limit ? { nextToken: Buffer.from(String(skip + limit)).toString('base64url') } : {};
  return { page: found.slice(0, limit), next };
}

/** Whether it is JSON text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
