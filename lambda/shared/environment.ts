/**
 * Reads a setting of the function. Call it at module level only, so that a missing setting fails the cold start.
 * @throws Error when it is not set
 */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is not set; set it on the function`);
  return value;
}

/**
 * Reads a setting that is a number.
 * @throws Error when it is not set or no number
 */
export function requiredNumber(name: string): number {
  const text = required(name);
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`environment variable ${name} must be a number, got ${text}`);
  return value;
}

/**
 * Reads a setting that is a whole number.
 * @throws Error when it is not set or no whole number
 */
export function requiredInteger(name: string): number {
  const value = requiredNumber(name);
  if (!Number.isSafeInteger(value)) throw new Error(`environment variable ${name} must be a whole number, got ${value}`);
  return value;
}
