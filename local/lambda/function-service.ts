import { randomUUID } from 'node:crypto';
import { AwsError } from '../gateway/aws-error.ts';
import type { LambdaFunction } from './function.ts';
import type { InvocationResult } from './invocation.ts';
import type { SandboxPool } from './sandbox-pool.ts';

// Lambda's limit for a synchronous answer.
const LARGEST_ANSWER_BYTES = 6_291_556;

/** The functions of the local account, by name. */
export class FunctionService {
  readonly #pool: SandboxPool;
  readonly #functions = new Map<string, LambdaFunction>();

  constructor(pool: SandboxPool) {
    this.#pool = pool;
  }

  define(lambda: LambdaFunction): void {
    this.#functions.set(lambda.name, lambda);
  }

  /** The function of a name, an ARN or an ARN with the qualifier `$LATEST`. @throws AwsError ResourceNotFoundException */
  find(nameOrArn: string): LambdaFunction {
    const { name, qualifier } = parseFunctionName(nameOrArn);
    const lambda = this.#functions.get(name);
    if (lambda === undefined || (qualifier !== undefined && qualifier !== '$LATEST')) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404, { Type: 'User' });
    }
    return lambda;
  }

  /**
   * Runs a function and waits for its end.
   * @throws AwsError InvalidRuntimeException for a function that the local cloud does not run
   * @throws SandboxStoppedError
   */
  async invoke(lambda: LambdaFunction, payload: string, traceHeader?: string, requestId: string = randomUUID()): Promise<InvocationResult> {
    if (lambda.codeFolder === undefined) {
      throw new AwsError(
        'InvalidRuntimeException',
        `${lambda.name} has the runtime ${lambda.runtime}, which the local cloud does not run.`,
        502,
      );
    }
    const result = await this.#pool.invoke(lambda, { requestId, payload, ...(traceHeader !== undefined && { traceHeader }) });
    const size = Buffer.byteLength(result.payload);
    if (size <= LARGEST_ANSWER_BYTES) return result;
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER_BYTES} bytes).`;
    return { failed: true, payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }) };
  }
}

/** Takes `name`, `name:qualifier`, `arn:…:function:name` or `arn:…:function:name:qualifier` apart. */
export function parseFunctionName(nameOrArn: string): { readonly name: string; readonly qualifier?: string } {
  const [, name = nameOrArn, qualifier] = /^(?:.*:function:)?([^:]+)(?::([^:]+))?$/.exec(nameOrArn) ?? [];
  return { name, ...(qualifier !== undefined && { qualifier }) };
}
