/** A Task's Resource, taken apart. */
export type ResourceName =
  | { readonly kind: 'function'; readonly arn: string }
  /** An integration made for Step Functions: `ecs:runTask.sync`. */
  | { readonly kind: 'optimised'; readonly service: string; readonly action: string; readonly pattern: Pattern }
  /** Any action of any SDK client: `aws-sdk:s3:copyObject`. */
  | { readonly kind: 'sdk'; readonly service: string; readonly action: string; readonly pattern: Pattern };

/** How a call ends: with its answer, with the job's end, or with the task's token. */
export type Pattern = 'answer' | 'job' | 'token';

const PATTERNS: Readonly<Record<string, Pattern>> = { '': 'answer', '.sync': 'job', '.waitForTaskToken': 'token' };

/** @throws Error when it is no Resource that Step Functions knows the form of */
export function parseResource(resource: string): ResourceName {
  if (/^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/.test(resource)) return { kind: 'function', arn: resource };
  const match = /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:)?([A-Za-z0-9]+):([A-Za-z0-9]+)(\.[A-Za-z0-9:]+)?$/.exec(resource);
  const [, sdk, service, action, suffix = ''] = match ?? [];
  const pattern = PATTERNS[suffix];
  if (service === undefined || action === undefined) {
    throw new Error(`the Resource "${resource}" is neither a function's ARN nor arn:aws:states:::<service>:<action>`);
  }
  if (pattern === undefined) throw new Error(`the Resource "${resource}" ends with ${suffix}; supported are .sync and .waitForTaskToken`);
  return { kind: sdk === undefined ? 'optimised' : 'sdk', service, action, pattern };
}
