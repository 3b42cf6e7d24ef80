import { randomBytes } from 'node:crypto';
import type { FunctionError } from './runtime-messages.ts';

/** One call of a function. */
export interface Invocation {
  readonly requestId: string;
  /** The event as JSON. */
  readonly payload: string;
  /** The caller's `X-Amzn-Trace-Id`. */
  readonly traceHeader?: string;
}

/** How a call ended: `payload` is the answer, or the error when `failed`. */
export interface InvocationResult {
  readonly payload: string;
  readonly failed: boolean;
}

/** The answer for a failure. */
export function failure(error: FunctionError): InvocationResult {
  return { payload: JSON.stringify(error), failed: true };
}

/** Where a call stands in its X-Ray trace. */
export interface TraceContext {
  readonly traceId: string;
  readonly segmentId: string;
  readonly parentId?: string;
  readonly sampled: boolean;
  /** What the function sees: its own segment is the parent. */
  readonly header: string;
}

/** Joins the caller's trace or begins one. */
export function traceContext(callerHeader: string | undefined, tracing: boolean): TraceContext {
  const caller = new Map((callerHeader ?? '').split(';').map((part) => [part.split('=', 1)[0] ?? '', part.slice(part.indexOf('=') + 1)]));
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const traceId = caller.get('Root') ?? `1-${seconds}-${randomBytes(12).toString('hex')}`;
  const parentId = caller.get('Parent');
  const segmentId = randomBytes(8).toString('hex');
  const sampled = caller.has('Sampled') ? caller.get('Sampled') === '1' : tracing;
  return {
    traceId,
    segmentId,
    ...(parentId !== undefined && { parentId }),
    sampled,
    header: `Root=${traceId};Parent=${segmentId};Sampled=${sampled ? 1 : 0}`,
  };
}
