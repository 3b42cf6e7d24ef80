import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Permission } from '../../gateway/service.ts';
import { stateMachineOfToken } from '../states/task-token.ts';
import { textIn, type StepFunctionsParts } from './parts.ts';

/** What a caller needs to answer a task: the right on the state machine whose token it is. */
export function tokenPermissions({ engine }: StepFunctionsParts, action: string, input: Members): readonly Permission[] {
  const machine = stateMachineOfToken(engine.executions, String(input['taskToken']));
  return [{ action: `states:${action}`, resource: machine ?? '*' }];
}

/**
 * The token that a request names, once `use` has used it.
 * @throws AwsError InvalidToken for a token that never was one, TaskTimedOut for one that is spent
 */
export async function useToken({ engine }: StepFunctionsParts, input: Members, use: (token: string) => Promise<boolean>): Promise<Members> {
  const token = textIn(input, 'taskToken');
  if (stateMachineOfToken(engine.executions, token) === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (!(await use(token))) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  return {};
}
