import type { Cloud, CloudPart } from '../cloud.ts';
import { DueTimer } from '../due-timer.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import { describeExecution } from './api/describe-execution.ts';
import { describeStateMachineForExecution } from './api/describe-state-machine-for-execution.ts';
import { describeStateMachine } from './api/describe-state-machine.ts';
import { getExecutionHistory } from './api/get-execution-history.ts';
import { listExecutions } from './api/list-executions.ts';
import { listStateMachines } from './api/list-state-machines.ts';
import type { StepFunctionsParts } from './api/parts.ts';
import { redriveExecution } from './api/redrive-execution.ts';
import { sendTaskFailure } from './api/send-task-failure.ts';
import { sendTaskHeartbeat } from './api/send-task-heartbeat.ts';
import { sendTaskSuccess } from './api/send-task-success.ts';
import { startExecution } from './api/start-execution.ts';
import { stopExecution } from './api/stop-execution.ts';
import { Engine } from './engine/engine.ts';
import type { Execution } from './engine/execution.ts';
import type { RunNotice } from './engine/run.ts';
import { StateMachines } from './state-machines.ts';
import { statusEvent } from './status-event.ts';
import { GatewayTasks } from './tasks/gateway-tasks.ts';
import { versionResources } from './versions.ts';

/** Something that happened to an execution, for whoever shows its progress. */
export interface ExecutionEvent {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineName: string;
  /** A type of history event, or `RetryScheduled` with `details.retryAt`, which AWS's history does not show. */
  readonly type: RunNotice['type'];
  /** None for events of the execution as a whole. */
  readonly stateName?: string;
  readonly timestamp: Date;
  /** When the state was entered or, of events of the execution as a whole, when that started; also before a restart of the cloud. */
  readonly since: Date;
  /** As in the history: payloads are JSON text. */
  readonly details: NonNullable<RunNotice['details']>;
}

/** The local Step Functions. */
export interface StepFunctions extends CloudPart {
  /** Hears of everything that happens to executions, once it is on disk. @returns how to stop listening */
  onEvent(listener: (event: ExecutionEvent) => void): () => void;
}

/** Step Functions: durable executions of JSONata state machines, behind AWS's API. */
export function createStepFunctions(cloud: Cloud): StepFunctions {
  const listeners = new Set<(event: ExecutionEvent) => void>();
  const tasks = new GatewayTasks(cloud);
  let dueChanged = false;
  const engine = new Engine({
    store: cloud.store,
    tasks,
    region: cloud.region,
    now: () => Date.now(),
    warn: (message, fields) => cloud.warn(message, fields),
    onStatus: (execution) => cloud.events.publish(statusEvent(execution, engine.history.lastId(execution.id))),
    onNotice: (execution, notice) => {
      for (const listener of listeners) listener(executionEvent(execution, notice));
    },
    onDueChange: () => {
      // Once a turn is enough, and only what is on disk may ring.
      if (dueChanged) return;
      dueChanged = true;
      cloud.store.afterCommit(() => {
        dueChanged = false;
        timer.reset();
      });
    },
  });
  const timer = new DueTimer(
    () => engine.nextDue(),
    () => engine.handleDue(),
  );
  const machines = new StateMachines(cloud, tasks);
  return {
    resources: { 'AWS::StepFunctions::StateMachine': machines.provider, ...versionResources(cloud.store) },
    service: {
      signingName: 'states',
      codec: awsJson({ targetPrefix: 'AWSStepFunctions', version: '1.0' }),
      operations: operations({ cloud, engine, machines }),
    },
    start() {
      tasks.listenForJobs((jobId) => engine.jobChanged(jobId));
      engine.resume();
    },
    stop() {
      timer.stop();
      engine.halt();
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function operations(parts: StepFunctionsParts): NonNullable<CloudPart['service']>['operations'] {
  return {
    StartExecution: startExecution(parts),
    StopExecution: stopExecution(parts),
    DescribeExecution: describeExecution(parts),
    ListExecutions: listExecutions(parts),
    GetExecutionHistory: getExecutionHistory(parts),
    RedriveExecution: redriveExecution(parts),
    SendTaskSuccess: sendTaskSuccess(parts),
    SendTaskFailure: sendTaskFailure(parts),
    SendTaskHeartbeat: sendTaskHeartbeat(parts),
    DescribeStateMachine: describeStateMachine(parts),
    DescribeStateMachineForExecution: describeStateMachineForExecution(parts),
    ListStateMachines: listStateMachines(parts),
  };
}

function executionEvent(
  { arn, name, stateMachineName, startedAt }: Execution,
  { type, stateName, enteredAt = startedAt, at, details = {} }: RunNotice,
): ExecutionEvent {
  return {
    executionArn: arn,
    executionName: name,
    stateMachineName,
    type,
    ...(stateName !== undefined && { stateName }),
    timestamp: new Date(at),
    since: new Date(enteredAt),
    details,
  };
}
