import type { LambdaFunction } from './function.ts';
import type { TraceContext } from './invocation.ts';
import type { MeasuredResult } from './sandbox.ts';

type LogFormat = LambdaFunction['logFormat'];

/** The line that begins an invocation. */
export function startLine(format: LogFormat, requestId: string): string {
  if (format === 'JSON') return platformEvent('platform.start', { requestId, version: '$LATEST' });
  return `START RequestId: ${requestId} Version: $LATEST`;
}

/** The line that ends an invocation. */
export function endLine(format: LogFormat, requestId: string): string {
  if (format === 'JSON') return platformEvent('platform.runtimeDone', { requestId });
  return `END RequestId: ${requestId}`;
}

/** The line with an invocation's figures, as Lambda writes it. */
export function reportLine(
  { logFormat, memoryMb }: LambdaFunction,
  requestId: string,
  result: MeasuredResult,
  trace: TraceContext,
): string {
  const { durationMs, initMs, maxMemoryMb, failed } = result;
  const billedMs = Math.ceil(durationMs + (initMs ?? 0));
  if (logFormat === 'JSON') {
    return platformEvent('platform.report', {
      requestId,
      status: failed ? 'error' : 'success',
      metrics: { durationMs, billedDurationMs: billedMs, memorySizeMB: memoryMb, maxMemoryUsedMB: maxMemoryMb, initDurationMs: initMs },
    });
  }
  const figures = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
  ];
  const traceLine = trace.sampled ? `\nXRAY TraceId: ${trace.traceId}\tSegmentId: ${trace.segmentId}\tSampled: true\t` : '';
  return `${figures.join('\t')}\t${traceLine}`;
}

function platformEvent(type: string, record: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type, record });
}
