import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsError } from './aws-error.ts';

/** Who calls. The operator is the person at this machine: an administrator of the local account. */
export type Principal =
  | { readonly kind: 'operator'; readonly arn: string }
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string };

/** One thing that a caller must be allowed to do: `action` as IAM writes it (`s3:GetObject`), `resource` an ARN or `*`. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** An operation's parameters or answer, in the shape that the AWS SDK for JavaScript gives them (dates as `Date`, bodies as `Readable`). */
// oxlint-disable-next-line typescript/no-explicit-any -- shapes belong to each service's model; each operation narrows its own
export type Members = Record<string, any>;

/** One API action of a service. */
export interface Operation {
  /** What the caller must be allowed to do, from the input alone. */
  permissions(input: Members): readonly Permission[];
  /** Does it. Writes go through `store.write`; the gateway waits for the commit before it answers. */
  run(input: Members, caller: Principal): Members | Promise<Members>;
}

/** Turns HTTP requests into operations and answers into HTTP, as one wire protocol does. */
export interface Codec {
  /** @throws AwsError when the request names no operation or cannot be read */
  decode(request: IncomingMessage): Promise<DecodedRequest>;
  encode(response: ServerResponse, decoded: DecodedRequest, output: Members): Promise<void> | void;
  encodeError(response: ServerResponse, decoded: DecodedRequest | undefined, error: AwsError, requestId: string): void;
}

export interface DecodedRequest {
  readonly operation: string;
  readonly input: Members;
}

/** A service behind the gateway. */
export interface Service {
  /** The name in the SigV4 credential scope: `s3`, `sqs`, `states`, `dynamodb`, `lambda`, … */
  readonly signingName: string;
  readonly codec: Codec;
  /** By PascalCase name; an operation that is not here is denied and logged by name. */
  readonly operations: Readonly<Record<string, Operation>>;
}
