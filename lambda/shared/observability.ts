import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricUnit as Unit } from '@aws-lambda-powertools/metrics/types';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { isForeseen, ServiceBusyError } from './errors.ts';
import { isPassingFailure } from './passing-failure.ts';

/** One structured line per decision: constant message, facts as fields. Never transcripts, tokens or presigned addresses. */
export const logger = new Logger();

/** Traces the handler and the AWS clients that are passed through `traced`. */
export const tracer = new Tracer();

/** Counts business events; written to the log in CloudWatch's embedded metric format. */
export const metrics = new Metrics();

/** Facts that stand on every log line of one invocation. */
export type LogFields = Readonly<Record<string, string | number>>;

/** Which execution calls; the workflow adds it to every payload. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
}

/** What every task of the workflow is given at least. */
export interface WorkflowPayload {
  readonly sermon: { readonly sermonId: string; readonly version: string; readonly revision: number };
  readonly execution: Execution;
}

/** A Lambda handler. */
export type Handler<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

/** Makes every call of an AWS client a segment of the trace. Outside Lambda it changes nothing. */
export const traced: typeof tracer.captureAWSv3Client = (client) => tracer.captureAWSv3Client(client);

/** Adds one to a metric that counts business events. */
export const count = (name: string, by = 1): void => {
  metrics.addMetric(name, MetricUnit.Count, by);
};

/** Notes a measured value. */
export const measure = (name: string, unit: Unit, value: number): void => {
  metrics.addMetric(name, unit, value);
};

/** Notes values of one step of the workflow. Steps are few and known, so each may be a metric of its own. */
export function measureStep(step: string, values: readonly (readonly [name: string, unit: Unit, value: number])[]): void {
  for (const [name, unit, value] of values) {
    const single = metrics.singleMetric();
    single.addDimension('step', step);
    single.addMetric(name, unit, value);
  }
}

/**
 * Wraps a function's work: `fieldsOf` names what stands on every log line, the work becomes one segment of the trace,
 * metrics are written at the end, and a failure that may pass reaches the caller as ServiceBusyError.
 */
export function observed<Event, Answer>(fieldsOf: (event: Event) => LogFields, work: Handler<Event, Answer>): Handler<Event, Answer> {
  return async (event, context) => {
    logger.addContext(context);
    logger.appendKeys({ ...fieldsOf(event) });
    try {
      return await inSegment(() => work(event, context));
    } catch (error) {
      const failure = isPassingFailure(error) ? busy(error) : error;
      const named = failure instanceof Error ? failure : new Error(String(failure));
      logger.error('failed', named);
      if (!isForeseen(named)) count('UnexpectedErrors');
      throw failure;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      logger.resetKeys();
    }
  };
}

/** Wraps a task of the workflow; `sermonId` and the execution's name stand on every log line. */
export const workflowTask = <Payload extends WorkflowPayload, Answer>(work: Handler<Payload, Answer>): Handler<Payload, Answer> =>
  observed(({ sermon, execution }) => ({ sermonId: sermon.sermonId, execution: execution.name }), work);

/** Does `work` with more fields on its log lines, for functions that handle several things in one invocation. */
export async function withLogFields<Result>(fields: LogFields, work: () => Promise<Result>): Promise<Result> {
  logger.appendKeys({ ...fields });
  try {
    return await work();
  } finally {
    logger.removeKeys(Object.keys(fields));
  }
}

async function inSegment<Result>(work: () => Promise<Result>): Promise<Result> {
  const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (!parent) return work();
  const segment = parent.addNewSubsegment('## handler');
  tracer.setSegment(segment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) tracer.addErrorAsMetadata(error);
    throw error;
  } finally {
    segment.close();
    tracer.setSegment(parent);
  }
}

const busy = (cause: unknown): ServiceBusyError =>
  cause instanceof ServiceBusyError
    ? cause
    : new ServiceBusyError(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause });
