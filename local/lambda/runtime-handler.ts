import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError } from './runtime-messages.ts';

/** A function's entry point. */
export type Handler = (event: unknown, context: object) => unknown;

/** A failure that Lambda's runtime, not the function, names. */
class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Loads `index.handler` from a function's code.
 * @throws RuntimeError named as Lambda names it
 */
export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [moduleName, exportName] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map((extension) => join(folder, `${moduleName}${extension}`)).find((path) => existsSync(path));
  if (file === undefined) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  const loaded = await import(pathToFileURL(file).href);
  const found: unknown = loaded[exportName] ?? loaded.default?.[exportName];
  if (found === undefined) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (!isHandler(found)) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (found.length > 2) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler.',
    );
  }
  return found;
}

/** What Lambda answers for something that a function threw. */
export function errorFrom(thrown: unknown): FunctionError {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
