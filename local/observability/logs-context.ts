import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { Telemetry } from './telemetry.ts';

/** What the operations of CloudWatch Logs work on. */
export interface LogsContext {
  readonly region: string;
  readonly accountId: string;
  readonly telemetry: Telemetry;
}

/** The ARN of the log group that a request names. */
export function groupArn({ region, accountId }: LogsContext, input: Members): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${groupName(input)}`;
}

/** The log group that a request names, with every line written so far. @throws AwsError ResourceNotFoundException */
export function requireGroup({ telemetry }: LogsContext, input: Members): string {
  telemetry.flush();
  const name = groupName(input);
  if (!telemetry.logs.has(name)) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return name;
}

/** Where the request's page begins. */
export function cursorFrom(input: Members): { readonly cursor?: number } {
  const token: unknown = input['nextToken'];
  return token === undefined ? {} : { cursor: Number(token) };
}

function groupName(input: Members): string {
  const given = String(input['logGroupName'] ?? input['logGroupIdentifier']);
  return given.replace(/^arn:aws:logs:[^:]*:\d*:log-group:/, '').replace(/:\*$/, '');
}
