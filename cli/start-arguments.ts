import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What `npm start` was asked to do. */
export interface StartArguments {
  /** Recordings to publish, as absolute paths; empty means the sample. */
  readonly files: readonly string[];
  /** End when everything is published (exit code 0) or something failed (1). */
  readonly once: boolean;
  /** Start with an empty state folder. */
  readonly fresh: boolean;
  readonly help: boolean;
}

/** Raised for a wrong command line; the message is all that the user needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Printed by `npm start -- --help`. */
export const START_HELP = `npm start [-- [--once] [--fresh] [FILE…]]

Runs Pulpit on this machine and publishes recordings: FILE…, or the sample sermon when none is named.

  --once    end when all are published (exit code 0) or one failed (1)
  --fresh   start with an empty state folder

PULPIT_PORT (4566), PULPIT_SITE_PORT (8080) and PULPIT_STATE (.pulpit) say where.`;

/**
 * Reads the command line.
 * @throws UsageError for an unknown option or a file that cannot be read
 */
export function parseStartArguments(words: readonly string[]): StartArguments {
  const { values, positionals } = parse(words);
  for (const file of positionals) requireReadable(file);
  return {
    files: positionals.map((file) => resolve(file)),
    once: values.once,
    fresh: values.fresh,
    help: values.help,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${START_HELP}`, { cause: error });
  }
}

function requireReadable(file: string): void {
  try {
    if (!statSync(file).isFile()) throw new UsageError(`${file} is not a file; name recordings to publish`);
    accessSync(file, constants.R_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UsageError(`${file} does not exist; name recordings to publish`, { cause: error });
    throw new UsageError(`${file} cannot be read (${code}); check its permissions`, { cause: error });
  }
}

/**
 * A port from the environment.
 * @throws UsageError when it is no port number
 */
export function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${variable} is "${text}"; it must be a port number, 0 to 65535`);
  return port;
}
