import type { Cloud } from '../../cloud.ts';
import type { Members } from '../../gateway/service.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { toCamelCase, toJson, toPascalCase } from './casing.ts';
import { failureOf, type ErrorNames } from './service-errors.ts';
import type { Task, TaskOutcome } from './task-runner.ts';

/** One action of one service, as a task calls it. */
export interface ServiceAction {
  readonly signingName: string;
  /** PascalCase. */
  readonly operation: string;
  readonly errors: ErrorNames;
  /** The service's model writes member names in camelCase. @default false */
  readonly camelCase?: boolean;
  /** Times in answers are numbers. @default false */
  readonly numericTimes?: boolean;
  /** Turns the task's parameters into the call's input. @default as they are */
  readonly input?: (parameters: JsonObject, task: Task) => Members;
  /** Turns the answer into the task's result. @default as it is, with metadata for Step Functions' own integrations */
  readonly outcome?: (answer: Json) => TaskOutcome;
}

// Whoever waits for this answer is stopping: the next start asks again.
const NEVER = new Promise<never>(() => undefined);

/** Calls a service as the state machine's role. Never rejects. */
export async function callService(cloud: Cloud, action: ServiceAction, task: Task): Promise<TaskOutcome> {
  const { signingName, operation, errors, camelCase = false, numericTimes = false, input, outcome } = action;
  try {
    const given = isObject(task.arguments) ? task.arguments : {};
    const cased = camelCase ? toCamelCase(given) : given;
    const parameters = isObject(cased) ? cased : {};
    const answer = await cloud.call(
      { kind: 'role', arn: task.roleArn },
      signingName,
      operation,
      input?.(parameters, task) ?? { ...parameters },
    );
    const json = await toJson(answer, numericTimes ? 'number' : 'text');
    const result = camelCase ? toPascalCase(json) : json;
    return outcome?.(result) ?? { kind: 'succeeded', output: result };
  } catch (error) {
    if (error instanceof Error && error.name === 'SandboxStoppedError') return NEVER;
    return { kind: 'failed', failure: failureOf(error, errors) };
  }
}

/** A result with what Step Functions' own integrations put beside it. */
export function withMetadata(answer: Json): TaskOutcome {
  const requestId = crypto.randomUUID();
  const headers = { 'x-amzn-RequestId': requestId, 'Content-Type': 'application/x-amz-json-1.0' };
  const metadata = {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
  return { kind: 'succeeded', output: { ...(isObject(answer) ? answer : {}), ...metadata } };
}
