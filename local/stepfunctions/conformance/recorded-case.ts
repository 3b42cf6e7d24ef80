import { readFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** One execution that AWS recorded. */
export interface RecordedCase {
  readonly name: string;
  /** The definition as JSON text. */
  readonly definition: string;
  readonly input: string;
  /** How each state's tasks came out, in the order in which they were scheduled. */
  readonly tasks: Readonly<Record<string, readonly RecordedTask[]>>;
  readonly events: readonly JsonObject[];
}

export interface RecordedTask {
  /** The output of TaskSubmitted, where there was one. */
  readonly submitted?: Json;
  /** The closing event's type. @default the task never closed */
  readonly outcome?: string;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: Json;
}

/** Reads a file of recorded executions. @throws Error naming what is wrong with it */
export function readCases(file: string): readonly RecordedCase[] {
  const cases = parseFile(file);
  if (!Array.isArray(cases)) throw new Error(`${file} must hold a list of cases`);
  return cases.map((value: unknown, index) => {
    if (!isObject(value) || typeof value['name'] !== 'string' || value['definition'] === undefined || !Array.isArray(value['events'])) {
      throw new Error(`${file}: case ${index} must have name, definition and events`);
    }
    const { name, definition, input = '{}', tasks = {}, events } = value;
    return { name, definition: textOf(definition), input: textOf(input), tasks: tasksOf(tasks), events: events.filter(isObject) };
  });
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

/** A payload as JSON text: recordings show objects as objects. */
export function textOf(payload: Json): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function tasksOf(tasks: Json): RecordedCase['tasks'] {
  if (!isObject(tasks)) return {};
  return Object.fromEntries(
    Object.entries(tasks).map(([state, outcomes]) => [state, Array.isArray(outcomes) ? outcomes.filter(isObject).map(taskOf) : []]),
  );
}

function taskOf({ submitted, outcome, output, error, cause }: JsonObject): RecordedTask {
  return {
    ...(submitted !== undefined && { submitted }),
    ...(typeof outcome === 'string' && { outcome }),
    ...(output !== undefined && { output }),
    ...(typeof error === 'string' && { error }),
    ...(cause !== undefined && { cause }),
  };
}
