/**
 * Checks a language setting against those that a service knows.
 * @throws Error naming what is allowed
 */
export function languageFrom<Code extends string>(setting: string, known: readonly Code[]): Code {
  const code = known.find((candidate) => candidate === setting);
  if (code === undefined) throw new Error(`LANGUAGE_CODE must be a language that Transcribe knows, such as en-US or es-US, got ${setting}`);
  return code;
}
