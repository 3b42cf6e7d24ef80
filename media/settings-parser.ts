/** Checks a value and gives it back typed. `path` names the value in messages, as MediaConvert does: `/settings/inputs/0/fileInput`. */
export type Parser<T> = (value: unknown, path: string) => T;

/** What a parser gives. */
export type Parsed<P> = P extends Parser<infer T> ? T : never;

/** Raised for settings that MediaConvert refuses, and for settings that are not carried out here: nothing is ever ignored. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

export const text: Parser<string> = (value, path) => {
  if (typeof value !== 'string') throw new SettingsError(path, 'Should be a string');
  return value;
};

/** An S3 address of an object. */
export const s3Url: Parser<string> = (value, path) => {
  if (typeof value !== 'string' || !/^s3:\/\/[^/]+\/./.test(value)) {
    throw new SettingsError(path, 'Should match pattern: ^s3://bucket/key');
  }
  return value;
};

export function number(lowest: number, highest: number): Parser<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new SettingsError(path, 'Should be a number');
    if (value < lowest) throw new SettingsError(path, `Should be greater than or equal to ${lowest}`);
    if (value > highest) throw new SettingsError(path, `Should be less than or equal to ${highest}`);
    return value;
  };
}

export function integer(lowest: number, highest: number): Parser<number> {
  const parse = number(lowest, highest);
  return (value, path) => {
    if (!Number.isInteger(value)) throw new SettingsError(path, 'Should be an integer');
    return parse(value, path);
  };
}

/** One of these values; what MediaConvert knows beyond them is not carried out here and refused with the same words. */
export function oneOf<const V extends string | number>(...values: readonly V[]): Parser<V> {
  return (value, path) => {
    const found = values.find((allowed) => allowed === value);
    if (found === undefined) throw new SettingsError(path, `Should be one of: ${values.join(', ')}`);
    return found;
  };
}

export function list<T>(item: Parser<T>, { least = 0, most = Infinity } = {}): Parser<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new SettingsError(path, 'Should be an array');
    if (value.length < least) throw new SettingsError(path, `Should have at least ${least} items`);
    if (value.length > most) throw new SettingsError(path, `Should have at most ${most} items`);
    return value.map((entry: unknown, index) => item(entry, `${path}/${index}`));
  };
}

/** An object whose keys are the caller's own, such as selector names. */
export function mapOf<T>(item: Parser<T>): Parser<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(Object.entries(plainObject(value, path)).map(([key, entry]) => [key, item(entry, `${path}/${key}`)]));
}

/** A member that may be missing. */
export function optional<T>(parse: Parser<T>): Parser<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : parse(value, path));
}

/** A member that may be missing and then has this value. */
export function withDefault<T>(parse: Parser<T>, fallback: NoInfer<T>): Parser<T> {
  return (value, path) => (value === undefined || value === null ? fallback : parse(value, path));
}

/** An object of these members and no others. */
export function object<F extends Readonly<Record<string, Parser<unknown>>>>(fields: F): Parser<{ readonly [K in keyof F]: Parsed<F[K]> }> {
  return (value, path) => {
    const given = plainObject(value, path);
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name) && given[name] !== undefined) {
        throw new SettingsError(
          `${path}/${wireName(name)}`,
          `Is not carried out here; known are ${Object.keys(fields).map(wireName).join(', ')}`,
        );
      }
    }
    const parsed = Object.entries(fields).map(([name, parse]) => {
      const memberPath = `${path}/${wireName(name)}`;
      const member = parse(given[name], memberPath);
      return [name, member] as const;
    });
    // Every member went through its own parser just above.
    return Object.fromEntries(parsed) as { readonly [K in keyof F]: Parsed<F[K]> };
  };
}

/** A member's name in JSON: MediaConvert writes the first letter small. */
function wireName(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function plainObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) throw new SettingsError(path, 'Is a required property');
  if (typeof value !== 'object' || Array.isArray(value)) throw new SettingsError(path, 'Should be an object');
  return value as Readonly<Record<string, unknown>>;
}
