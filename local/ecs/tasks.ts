import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../cloud.ts';
import type { Members } from '../gateway/service.ts';
import { TaskProcess } from './task-process.ts';
import type { TaskDefinition, TaskDefinitions } from './task-definitions.ts';
import { TaskTable, type TaskDescription } from './task-table.ts';

/** Where containers' output goes. */
export interface LogSink {
  putLog(group: string, stream: string, line: string): void;
}

/** Runs tasks: rows say what must run, processes follow them. */
export class Tasks {
  readonly table: TaskTable;
  readonly #cloud: Cloud;
  readonly #definitions: TaskDefinitions;
  readonly #logs: LogSink | undefined;
  readonly #processes = new Map<string, TaskProcess>();
  readonly #scratch: string;
  #stopped = false;

  constructor(cloud: Cloud, definitions: TaskDefinitions, logs: LogSink | undefined) {
    this.#cloud = cloud;
    this.#definitions = definitions;
    this.#logs = logs;
    this.#scratch = join(cloud.folder, 'ecs');
    this.table = new TaskTable(cloud.store);
  }

  /**
   * A task whose process died with an earlier local cloud is like one whose host was lost: it has failed, and whoever started it
   * may start another. One that was asked for and never started is started now.
   */
  start(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
    this.#cloud.store.write(() => {
      this.table.prune();
      for (const task of this.table.unfinished()) {
        if (task.lastStatus === 'PROVISIONING') this.#cloud.store.afterCommit(() => this.#launch(task.taskArn));
        else
          this.#end(task, 137, {
            stopCode: 'TerminationNotice',
            stoppedReason: 'Host terminated: the local cloud ended while the task ran',
          });
      }
    });
  }

  /** Ends all processes and leaves their rows, which the next start takes up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#processes.values()].map((running) => running.kill()));
  }

  /** Adds a task in this turn's transaction; its process starts once that is on disk. */
  add(task: TaskDescription, clientToken: string | undefined, request: string): void {
    this.table.insert(task, { clientToken, request });
    this.#publish(task);
    this.#cloud.store.afterCommit(() => this.#launch(task.taskArn));
  }

  /** Asks a task to end, in this turn's transaction. */
  requestStop(task: TaskDescription, reason: string): TaskDescription {
    if (task.desiredStatus === 'STOPPED') return task;
    const stopping = {
      ...task,
      desiredStatus: 'STOPPED' as const,
      stopCode: 'UserInitiated',
      stoppedReason: reason,
      stoppingAt: new Date().toISOString(),
    };
    this.table.update(stopping);
    const seconds = this.#definitions.find(task.taskDefinitionArn)?.container.stopTimeout ?? 0;
    this.#cloud.store.afterCommit(() => this.#processes.get(task.taskArn)?.stop(seconds));
    return stopping;
  }

  #launch(taskArn: string): void {
    const task = this.table.find(taskArn);
    if (this.#stopped || task === undefined || task.lastStatus !== 'PROVISIONING') return;
    const definition = this.#definitions.find(task.taskDefinitionArn);
    if (task.desiredStatus === 'STOPPED' || definition === undefined) {
      const why = definition === undefined ? { stopCode: 'TaskFailedToStart', stoppedReason: 'The task definition is gone' } : {};
      this.#cloud.store.write(() => this.#end(task, undefined, why));
      return;
    }
    this.#processes.set(taskArn, this.#spawn(task, definition));
    this.#cloud.store.write(() => {
      const now = new Date().toISOString();
      const containers = task.containers.map((container) => ({ ...container, lastStatus: 'RUNNING' }));
      this.#change({ ...task, lastStatus: 'RUNNING', containers, startedAt: now, pullStartedAt: now, pullStoppedAt: now });
    });
  }

  #spawn(task: TaskDescription, definition: TaskDefinition): TaskProcess {
    const { container } = definition;
    const taskId = task.taskArn.slice(task.taskArn.lastIndexOf('/') + 1);
    const scratch = join(this.#scratch, taskId);
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    const override = overrideOf(task, container.name);
    return new TaskProcess({
      command: programOf(definition, override),
      folder: container.folder,
      environment: { ...this.#environment(definition, override), HOME: scratch, TMPDIR: scratch },
      log: (line) => {
        if (container.logs !== undefined)
          this.#logs?.putLog(container.logs.group, `${container.logs.streamPrefix}/${container.name}/${taskId}`, line);
      },
      ended: (exitCode) => {
        rmSync(scratch, { recursive: true, force: true });
        this.#processes.delete(task.taskArn);
        this.#ended(task.taskArn, exitCode);
      },
    });
  }

  /** The container's variables and those by which the SDK finds the local cloud; of the operator's shell only PATH. */
  #environment({ container, taskRoleArn }: TaskDefinition, override: Members): Record<string, string> {
    const credentials = taskRoleArn === undefined ? undefined : this.#cloud.iam.credentialsFor(taskRoleArn);
    const overridden = (override['environment'] ?? []) as readonly { readonly name: string; readonly value: string }[];
    return {
      PATH: process.env['PATH'] ?? '',
      ...container.environment,
      ...Object.fromEntries(overridden.map(({ name, value }) => [name, value])),
      ...(credentials && { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }),
      AWS_REGION: this.#cloud.region,
      AWS_DEFAULT_REGION: this.#cloud.region,
      AWS_ENDPOINT_URL: this.#cloud.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    };
  }

  #ended(taskArn: string, exitCode: number | undefined): void {
    if (this.#stopped) return;
    const task = this.table.find(taskArn);
    if (task === undefined || task.lastStatus === 'STOPPED') return;
    const why =
      exitCode === undefined
        ? { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotStartContainerError: the process could not be started' }
        : { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
    this.#cloud.store.write(() => this.#end(task, exitCode, why));
  }

  /** Writes the end of a task. What StopTask gave as the reason stays. */
  #end(task: TaskDescription, exitCode: number | undefined, why: Members): void {
    const now = new Date().toISOString();
    const containers = task.containers.map((container) => ({
      ...container,
      lastStatus: 'STOPPED',
      ...(exitCode === undefined ? {} : { exitCode }),
    }));
    const ended = { ...why, stoppingAt: now, ...task, lastStatus: 'STOPPED' as const, desiredStatus: 'STOPPED' as const };
    this.#change({ ...ended, containers, executionStoppedAt: now, stoppedAt: now });
  }

  #change(task: TaskDescription): void {
    const changed = { ...task, version: Number(task['version'] ?? 0) + 1 };
    this.table.update(changed);
    this.#publish(changed);
  }

  #publish(task: TaskDescription): void {
    this.#cloud.events.publish({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.taskArn],
      detail: { ...task, updatedAt: new Date().toISOString() },
    });
  }
}

function overrideOf({ overrides }: TaskDescription, container: string): Members {
  const all = (overrides['containerOverrides'] ?? []) as readonly Members[];
  return all.find(({ name }) => name === container) ?? {};
}

/** The program and its arguments. `node` is the Node that runs the local cloud, with the task's memory as its heap. */
function programOf({ container, memory }: TaskDefinition, override: Members): readonly string[] {
  const command = (override['command'] as readonly string[] | undefined) ?? container.command;
  const [program = '', ...args] = [...container.entryPoint, ...command];
  return program === 'node' ? [process.execPath, `--max-old-space-size=${memory}`, ...args] : [program, ...args];
}
