import { AwsError } from '../../gateway/aws-error.ts';
import type { Failure } from '../state-failure.ts';

/** How Step Functions names the errors of one service's client. */
export interface ErrorNames {
  /** What stands before the dot: `S3`. */
  readonly service: string;
  /** The name for every error that the client's model does not know: `S3Exception`. */
  readonly unmodelled: string;
  /** Errors of the model, without the ending Exception. */
  readonly modelled: RegExp;
  /** What the cause says of the call. */
  readonly causeSuffix: (error: AwsError) => string;
}

/** The failure that a refused call means to Retry and Catch. */
export function failureOf(error: unknown, { service, unmodelled, modelled, causeSuffix }: ErrorNames): Failure {
  if (!(error instanceof AwsError)) return { error: `${service}.SdkClientException`, cause: String(error) };
  // The Java clients, whose names these are, end every class with Exception.
  const code = error.code.replace(/^.*\./, '').replace(/(Exception|Error)?$/, '');
  const name = modelled.test(code) ? `${code}Exception` : unmodelled;
  return { error: `${service}.${name}`, cause: `${error.message} (${causeSuffix(error)})` };
}

/** The second part of a cause where Step Functions calls through version 1 of the Java SDK: its own integrations. */
export function versionOneSuffix(service: string): (error: AwsError) => string {
  return ({ status, code }) =>
    `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${crypto.randomUUID()}; Proxy: null`;
}

/** The same through version 2: the integrations `aws-sdk:…`. */
export function versionTwoSuffix(service: string): (error: AwsError) => string {
  const extended = service === 'S3' ? () => `, Extended Request ID: ${crypto.randomUUID()}` : () => '';
  return ({ status }) => `Service: ${service}, Status Code: ${status}, Request ID: ${crypto.randomUUID()}${extended()}`;
}
