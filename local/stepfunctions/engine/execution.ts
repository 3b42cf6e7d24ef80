/** An execution's standing, as the API names it. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One run of a state machine. Payloads are JSON text. */
export interface Execution {
  /** Key in the database; never shown. */
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** The role that tasks are called as: the one the machine had when the execution started. */
  readonly roleArn: string;
  /** Names the definition that the execution keeps, also when it is redriven. */
  readonly definitionHash: string;
  readonly input: string;
  /** Epoch milliseconds, like every time here. */
  readonly startedAt: number;
  status: ExecutionStatus;
  output?: string;
  error?: string;
  cause?: string;
  stoppedAt?: number;
  redriveCount: number;
  redrivenAt?: number;
  /** The client's token of the last redrive: the same call again is no second redrive. */
  redriveToken?: string;
  /** When the execution as a whole times out. */
  deadline?: number;
}
