import { format } from 'node:util';

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** Makes `console` write lines as Lambda's runtime does: with time, request id and level, one line for each call. */
export function patchConsole(logFormat: string, requestId: () => string | undefined): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Reflect.set(console, method, (...values: unknown[]) => {
      const timestamp = new Date().toISOString();
      const message = format(...values);
      const line =
        logFormat === 'JSON'
          ? JSON.stringify({ timestamp, level, requestId: requestId(), message })
          : `${timestamp}\t${requestId() ?? 'undefined'}\t${level}\t${message}`;
      process.stdout.write(`${line.replaceAll('\n', '\r')}\n`);
    });
  }
  // One pipe keeps the order of what is written to both.
  process.stderr.write = process.stdout.write.bind(process.stdout);
}
