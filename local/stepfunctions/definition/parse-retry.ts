import type { Fields } from './fields.ts';
import type { Catcher, Fallible, Retrier } from './state-machine.ts';

/** Reads Retry and Catch. */
export function parseFallible(fields: Fields): Fallible {
  const retry = fields.objects('Retry');
  const catchers = fields.objects('Catch');
  return {
    retry: retry.map((retrier, index) => parseRetrier(retrier, index === retry.length - 1)),
    catch: catchers.map((catcher, index) => parseCatcher(catcher, index === catchers.length - 1)),
  };
}

function parseRetrier(fields: Fields, isLast: boolean): Retrier {
  const jitter = fields.string('JitterStrategy') ?? 'NONE';
  if (jitter !== 'FULL' && jitter !== 'NONE') fields.fault("Value must be 'FULL' or 'NONE'", 'JitterStrategy');
  const maxDelaySeconds = fields.number('MaxDelaySeconds', 1);
  // The defaults are the States Language's.
  const retrier: Retrier = {
    errorEquals: parseErrors(fields, isLast),
    intervalSeconds: fields.number('IntervalSeconds', 0) ?? 1,
    maxAttempts: fields.number('MaxAttempts', 0) ?? 3,
    backoffRate: fields.number('BackoffRate', 1) ?? 2,
    jitter: jitter === 'FULL' ? 'FULL' : 'NONE',
    ...(maxDelaySeconds !== undefined && { maxDelaySeconds }),
  };
  fields.finish();
  return retrier;
}

function parseCatcher(fields: Fields, isLast: boolean): Catcher {
  const assign = fields.assignments('Assign');
  const output = fields.template('Output');
  const catcher: Catcher = {
    errorEquals: parseErrors(fields, isLast),
    next: fields.requiredString('Next'),
    ...(assign !== undefined && { assign }),
    ...(output !== undefined && { output }),
  };
  fields.finish();
  return catcher;
}

function parseErrors(fields: Fields, isLast: boolean): readonly string[] {
  const errors = fields.strings('ErrorEquals');
  if (errors.length === 0) fields.fault("The field 'ErrorEquals' must name at least one error");
  if (errors.includes('States.ALL') && (errors.length > 1 || !isLast))
    fields.fault('States.ALL must stand alone, in the last entry', 'ErrorEquals');
  return errors;
}
