import { compile, isExpression, sourceOf } from '../expressions/expression.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/** What is wrong with a definition, and where: `/States/Publish/Next`. */
export interface Fault {
  readonly code: 'INVALID_JSON_DESCRIPTION' | 'MISSING_TRANSITION_TARGET' | 'SCHEMA_VALIDATION_FAILED';
  readonly message: string;
  readonly location: string;
}

/** Fields of JSONPath states, which have no meaning in JSONata. */
const JSONPATH_FIELDS = new Set([
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'ItemsPath',
  'Result',
  'Variable',
]);

/** Reads the fields of one object of a definition, notes every fault, and remembers which fields it was asked for. */
export class Fields {
  readonly #raw: JsonObject;
  readonly #location: string;
  readonly #faults: Fault[];
  readonly #known = new Set(['Comment']);

  constructor(raw: JsonObject, location: string, faults: Fault[]) {
    this.#raw = raw;
    this.#location = location;
    this.#faults = faults;
  }

  get location(): string {
    return this.#location;
  }

  /** The object itself. */
  get raw(): JsonObject {
    return this.#raw;
  }

  has(field: string): boolean {
    return this.#raw[field] !== undefined;
  }

  /** Notes a fault at a field, or at the object itself. */
  fault(message: string, field?: string, code: Fault['code'] = 'SCHEMA_VALIDATION_FAILED'): void {
    this.#faults.push({ code, message, location: field === undefined ? this.#location : this.at(field) });
  }

  at(field: string): string {
    return `${this.#location}/${field}`;
  }

  /** Any value; the expressions in it must be JSONata. */
  template(field: string): Json | undefined {
    const value = this.#read(field);
    if (value !== undefined) this.#check(value, this.at(field));
    return value;
  }

  /** Variables with templates for their values. */
  assignments(field: string): JsonObject | undefined {
    const value = this.template(field);
    if (value !== undefined && !isObject(value)) return this.#wrong(field, 'an object');
    if (value?.['states'] !== undefined) this.fault("The name 'states' is reserved and cannot be assigned", `${field}/states`);
    return value;
  }

  string(field: string): string | undefined {
    const value = this.#read(field);
    if (value === undefined || typeof value === 'string') return value;
    return this.#wrong(field, 'a string');
  }

  requiredString(field: string): string {
    const value = this.string(field);
    if (value === undefined && !this.has(field)) this.fault(`The field '${field}' is required`);
    return value ?? '';
  }

  /** A string, maybe an expression. */
  text(field: string): string | undefined {
    const value = this.template(field);
    if (value === undefined || typeof value === 'string') return value;
    return this.#wrong(field, 'a string');
  }

  /** A number of the given range, or an expression for it. */
  numberOrExpression(field: string, least: number): number | string | undefined {
    const value = this.template(field);
    if (value === undefined || (typeof value === 'string' && isExpression(value))) return value;
    if (typeof value === 'number' && value >= least) return value;
    return this.#wrong(field, `a number of at least ${least} or a JSONata expression`);
  }

  number(field: string, least: number): number | undefined {
    const value = this.#read(field);
    if (value === undefined || (typeof value === 'number' && value >= least)) return value;
    return this.#wrong(field, `a number of at least ${least}`);
  }

  flag(field: string): boolean | undefined {
    const value = this.#read(field);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#wrong(field, 'true or false');
  }

  object(field: string): JsonObject | undefined {
    const value = this.#read(field);
    if (value === undefined || isObject(value)) return value;
    return this.#wrong(field, 'an object');
  }

  /** A list of objects, each with its place. */
  objects(field: string): readonly Fields[] {
    const value = this.#read(field) ?? [];
    if (!isList(value)) return this.#wrong(field, 'a list') ?? [];
    return value.flatMap((element, index) => {
      if (isObject(element)) return [new Fields(element, `${this.at(field)}[${index}]`, this.#faults)];
      this.fault('expected an object', `${field}[${index}]`);
      return [];
    });
  }

  strings(field: string): readonly string[] {
    const value = this.#read(field) ?? [];
    if (isList(value) && value.every((element) => typeof element === 'string')) return value;
    return this.#wrong(field, 'a list of strings') ?? [];
  }

  /** Notes every field that nobody asked for. */
  finish(): void {
    for (const field of Object.keys(this.#raw)) {
      if (this.#known.has(field)) continue;
      const isJsonPath = JSONPATH_FIELDS.has(field) || field.endsWith('Path');
      this.fault(
        isJsonPath
          ? `The field '${field}' belongs to JSONPath; only JSONata states run here`
          : `The field '${field}' is not supported here`,
        field,
      );
    }
  }

  #read(field: string): Json | undefined {
    this.#known.add(field);
    return this.#raw[field];
  }

  #wrong(field: string, expected: string): undefined {
    this.fault(`expected ${expected}, but found ${JSON.stringify(this.#raw[field])?.slice(0, 100)}`, field);
  }

  #check(value: Json, location: string): void {
    if (typeof value === 'string') {
      if (!isExpression(value)) return;
      try {
        compile(sourceOf(value));
      } catch (error) {
        const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
        this.#faults.push({ code: 'SCHEMA_VALIDATION_FAILED', message: `The JSONata expression cannot be parsed: ${message}`, location });
      }
    } else if (isList(value)) {
      for (const [index, element] of value.entries()) this.#check(element, `${location}[${index}]`);
    } else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) this.#check(member, `${location}/${key}`);
    }
  }
}
