import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Cloud } from '../cloud.ts';
import type { Observability } from '../observability/observability.ts';
import type { LambdaFunction } from './function.ts';
import { traceContext, type Invocation, type InvocationResult } from './invocation.ts';
import { endLine, reportLine, startLine } from './log-lines.ts';
import { Sandbox, SandboxStoppedError } from './sandbox.ts';
import { sandboxEnvironment } from './sandbox-environment.ts';

// A process holds about 70 MB; four for each core keep the cores busy while functions wait for answers.
const MOST_SANDBOXES = Math.max(8, 4 * availableParallelism());
// A run visits the same function again within moments; what is idle longer gives its memory back.
const IDLE_MS = 60_000;

interface WarmSandbox {
  readonly sandbox: Sandbox;
  readonly logStream: string;
  reaper?: NodeJS.Timeout;
}

/** The processes of all functions: one for each invocation under way, kept warm for the next. Invocations past the limit wait in line. */
export class SandboxPool {
  readonly #cloud: Cloud;
  readonly #observability: Observability;
  readonly #scratchFolder: string;
  readonly #idle = new Set<WarmSandbox>();
  readonly #busy = new Set<WarmSandbox>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  constructor(cloud: Cloud, observability: Observability) {
    this.#cloud = cloud;
    this.#observability = observability;
    this.#scratchFolder = join(cloud.folder, 'lambda');
    rmSync(this.#scratchFolder, { recursive: true, force: true });
  }

  /** Runs an invocation once everything written before is on disk. @throws SandboxStoppedError */
  async invoke(lambda: LambdaFunction, invocation: Invocation): Promise<InvocationResult> {
    await this.#cloud.store.committed();
    const daemonAddress = await this.#observability.daemonAddress();
    const warm = await this.#acquire(lambda, daemonAddress);
    try {
      return await this.#run(warm, lambda, invocation);
    } finally {
      this.#release(warm);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#idle, ...this.#busy].map(({ sandbox, reaper }) => (clearTimeout(reaper), sandbox.kill())));
  }

  async #run({ sandbox, logStream }: WarmSandbox, lambda: LambdaFunction, invocation: Invocation): Promise<InvocationResult> {
    const { requestId, payload, traceHeader } = invocation;
    const trace = traceContext(traceHeader, lambda.tracing);
    const log = (line: string): void => this.#observability.putLog(lambda.logGroup, logStream, line);
    const startSeconds = Date.now() / 1000;
    log(startLine(lambda.logFormat, requestId));
    const result = await sandbox.invoke({ requestId, payload, functionArn: lambda.arn, traceHeader: trace.header });
    log(endLine(lambda.logFormat, requestId));
    log(reportLine(lambda, requestId, result, trace));
    this.#count(lambda.name, 'Invocations', 1);
    this.#count(lambda.name, 'Errors', result.failed ? 1 : 0);
    if (trace.sampled) {
      this.#observability.putSegment({
        name: lambda.name,
        id: trace.segmentId,
        trace_id: trace.traceId,
        ...(trace.parentId !== undefined && { parent_id: trace.parentId }),
        origin: 'AWS::Lambda::Function',
        start_time: startSeconds,
        end_time: Date.now() / 1000,
        aws: { request_id: requestId, resource_arn: lambda.arn },
        ...(result.failed && { fault: true }),
      });
    }
    return result;
  }

  #count(functionName: string, name: string, value: number): void {
    this.#observability.putMetric({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: functionName },
      unit: 'Count',
      timestamp: Date.now(),
      value,
    });
  }

  async #acquire(lambda: LambdaFunction, daemonAddress: string): Promise<WarmSandbox> {
    for (;;) {
      if (this.#stopped) throw new SandboxStoppedError();
      const warm = [...this.#idle].find(({ sandbox }) => sandbox.lambda === lambda && sandbox.alive);
      if (warm !== undefined) {
        clearTimeout(warm.reaper);
        this.#idle.delete(warm);
        this.#busy.add(warm);
        return warm;
      }
      if (this.#idle.size + this.#busy.size >= MOST_SANDBOXES) this.#reapOldest();
      if (this.#idle.size + this.#busy.size < MOST_SANDBOXES) return this.#open(lambda, daemonAddress);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #open(lambda: LambdaFunction, daemonAddress: string): WarmSandbox {
    const id = randomUUID();
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${createHash('md5').update(id).digest('hex')}`;
    const scratchFolder = join(this.#scratchFolder, id);
    const sandbox = new Sandbox({
      lambda,
      scratchFolder,
      environment: sandboxEnvironment(this.#cloud, lambda, { logStream, scratchFolder, daemonAddress }),
      log: (line) => this.#observability.putLog(lambda.logGroup, logStream, line),
    });
    const warm = { sandbox, logStream };
    this.#busy.add(warm);
    return warm;
  }

  #release(warm: WarmSandbox): void {
    this.#busy.delete(warm);
    if (warm.sandbox.alive && !this.#stopped) {
      this.#idle.add(warm);
      warm.reaper = setTimeout(() => this.#reap(warm), IDLE_MS);
      warm.reaper.unref();
    }
    this.#waiting.shift()?.();
  }

  #reapOldest(): void {
    const oldest = this.#idle.values().next().value;
    if (oldest !== undefined) this.#reap(oldest);
  }

  #reap(warm: WarmSandbox): void {
    clearTimeout(warm.reaper);
    this.#idle.delete(warm);
    void warm.sandbox.kill();
  }
}
