import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';

/** How an execution stands; `gone` when Step Functions no longer knows it. */
export type ExecutionState =
  | { readonly ended: false }
  | {
      readonly ended: true;
      readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'GONE';
      readonly name?: string | undefined;
      /** The execution's input, JSON. */
      readonly input?: string | undefined;
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    };

/** What run control asks of Step Functions. */
export interface Executions {
  describe(executionArn: string): Promise<ExecutionState>;
  /** Stops an execution; no error when it has ended already. */
  stop(executionArn: string, reason: { readonly error: string; readonly cause: string }): Promise<void>;
}

/** Error name of a run that was stopped because a newer upload of its sermon arrived. Alarms and failure records leave it out. */
export const SUPERSEDED = 'Superseded';

/** The executions of Step Functions. */
export const stepFunctions = (client: SFNClient): Executions => ({
  describe: (executionArn) => describe(client, executionArn),
  stop: async (executionArn, reason) => {
    try {
      await client.send(new StopExecutionCommand({ executionArn, ...reason }));
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
  },
});

async function describe(client: SFNClient, executionArn: string): Promise<ExecutionState> {
  try {
    const { status, name, input, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED' || status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED') {
      return { ended: true, status, name, input, error, cause };
    }
    return { ended: false };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return { ended: true, status: 'GONE' };
    throw error;
  }
}
