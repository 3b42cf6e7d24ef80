import { AwsError } from '../gateway/aws-error.ts';

/**
 * Compiles a CloudWatch filter pattern of terms: all must occur, `?term` is one of several, `-term` must not occur.
 * @throws AwsError InvalidParameterException for the JSON and column patterns, which the local cloud has not got
 */
export function compileFilterPattern(pattern: string): (line: string) => boolean {
  const trimmed = pattern.trim();
  if (/^[{[%]/.test(trimmed)) {
    throw new AwsError(
      'InvalidParameterException',
      `the filter pattern ${trimmed} is not supported by the local cloud; use words, ?words, -words and "phrases"`,
    );
  }
  const terms = [...trimmed.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase?.replaceAll(/\\(.)/g, '$1') ?? word ?? '',
  }));
  const withSign = (sign: string): string[] => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const all = withSign('');
  const any = withSign('?');
  const none = withSign('-');
  return (line) =>
    all.every((text) => line.includes(text)) &&
    (any.length === 0 || any.some((text) => line.includes(text))) &&
    !none.some((text) => line.includes(text));
}
