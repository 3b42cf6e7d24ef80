import { randomInt } from 'node:crypto';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';

const SETS = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;

/**
 * Text of random characters, as a template's GenerateSecretString asks for it. Not every kind of character is sure to
 * occur (RequireEachIncludedType): at 32 characters and more one hardly ever misses.
 * @throws Error for a property that is not known
 */
export function generateSecret(where: string, options: Readonly<Record<string, unknown>>): string {
  refuseUnknownProperties(`${where}, GenerateSecretString`, options, [
    ...Object.keys(SETS),
    'PasswordLength',
    'ExcludeCharacters',
    'RequireEachIncludedType',
  ]);
  const { ExcludeCharacters: excluded } = options;
  const characters = Object.entries(SETS)
    .filter(([exclusion]) => String(options[exclusion]) !== 'true')
    .flatMap(([, set]) => set.split(''))
    .filter((character) => !(typeof excluded === 'string' && excluded.includes(character)));
  const length = Number(options['PasswordLength'] ?? 32);
  if (!(length >= 1 && length <= 4096) || characters.length === 0)
    throw new Error(`${where}: PasswordLength must be 1 to 4096 and some character must be left, got ${length} and ${characters.length}`);
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}
