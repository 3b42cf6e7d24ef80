import { randomBytes } from 'node:crypto';
import type { ExecutionTable } from '../engine/execution-table.ts';

/** A new task token. Nobody can guess it, and it says whose it was once it is spent. */
export function newToken(executionId: number, threadId: number): string {
  return Buffer.from(`${executionId}:${threadId}:${randomBytes(24).toString('hex')}`).toString('base64url');
}

/** ARN of the state machine that gave out a token; undefined for text that is no token. */
export function stateMachineOfToken(executions: ExecutionTable, token: string): string | undefined {
  const match = /^(\d+):\d+:[0-9a-f]{48}$/.exec(Buffer.from(token, 'base64url').toString());
  return match === null ? undefined : executions.byId(Number(match[1]))?.stateMachineArn;
}
