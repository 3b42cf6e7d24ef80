import { createHash, type Hash } from 'node:crypto';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';

/** A message attribute as it is kept; bytes as base64. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
}

/** Message attributes by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A text attribute. */
export function textAttribute(stringValue: string): MessageAttribute {
  return { dataType: 'String', stringValue };
}

/**
 * Reads the `MessageAttributes` of a request.
 * @throws AwsError InvalidParameterValue
 */
export function messageAttributesFrom(given: Members | undefined): MessageAttributes {
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    const { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue } = value;
    if (typeof dataType !== 'string' || !/^(String|Number|Binary)(\.|$)/.test(dataType)) {
      throw new AwsError(
        'InvalidParameterValue',
        `The type of message attribute '${name}' must be String, Number or Binary, got ${String(dataType)}.`,
      );
    }
    if (dataType.startsWith('Binary')) {
      // In this process a blob is bytes; over HTTP it is still base64 text.
      attributes[name] = {
        dataType,
        binaryValue: typeof binaryValue === 'string' ? binaryValue : Buffer.from(binaryValue).toString('base64'),
      };
    } else {
      attributes[name] = { dataType, stringValue: String(stringValue) };
    }
  }
  if (Object.keys(attributes).length > 10) {
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [10].`,
    );
  }
  return attributes;
}

/** The attributes as ReceiveMessage answers them, only those that the request's `MessageAttributeNames` ask for. */
export function requestedAttributes(attributes: MessageAttributes, names: readonly string[] = []): MessageAttributes {
  const asked = (name: string): boolean =>
    names.some((pattern) => pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}

/** The attributes in the shape of the SDK. */
export function toSdkAttributes(attributes: MessageAttributes): Members {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      binaryValue === undefined
        ? { DataType: dataType, StringValue: stringValue }
        : { DataType: dataType, BinaryValue: new Uint8Array(Buffer.from(binaryValue, 'base64')) },
    ]),
  );
}

/** MD5 of a body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * MD5 of attributes as the SQS developer guide defines it: sorted by name; name, data type and value each with their
 * length in four bytes, the value after one byte that tells text (1) from bytes (2). Undefined when there are none.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    addSized(hash, Buffer.from(name));
    addSized(hash, Buffer.from(attribute.dataType));
    hash.update(Buffer.from([attribute.binaryValue === undefined ? 1 : 2]));
    addSized(
      hash,
      attribute.binaryValue === undefined ? Buffer.from(attribute.stringValue ?? '') : Buffer.from(attribute.binaryValue, 'base64'),
    );
  }
  return hash.digest('hex');
}

function addSized(hash: Hash, bytes: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  hash.update(length).update(bytes);
}
