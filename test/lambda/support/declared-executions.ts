import type { ExecutionState, Executions } from '../../../lambda/shared/executions.ts';

/** Executions that a test declares; those it never declared do not exist. */
export class DeclaredExecutions implements Executions {
  readonly states = new Map<string, ExecutionState>();
  readonly stopped: string[] = [];

  running(...arns: readonly string[]): void {
    for (const arn of arns) this.states.set(arn, { ended: false });
  }

  ended(arn: string, end: Partial<Extract<ExecutionState, { ended: true }>> = {}): void {
    this.states.set(arn, { ended: true, status: 'FAILED', ...end });
  }

  async describe(arn: string): Promise<ExecutionState> {
    return this.states.get(arn) ?? { ended: true, status: 'GONE' };
  }

  async stop(arn: string, { error, cause }: { readonly error: string; readonly cause: string }): Promise<void> {
    this.stopped.push(arn);
    this.ended(arn, { status: 'ABORTED', error, cause });
  }
}
