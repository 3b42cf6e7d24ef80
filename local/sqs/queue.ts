import type { Members } from '../gateway/service.ts';
import type { ResourceRequest } from '../assembly/resource-provider.ts';

/** One queue as the template configures it. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  /** How long a receive waits for a message when the caller does not say. */
  readonly receiveWaitSeconds: number;
  readonly deadLetter?: { readonly targetArn: string; readonly maxReceiveCount: number };
}

// Ranges and defaults as the CloudFormation reference of AWS::SQS::Queue gives them.
const NUMBERS = {
  VisibilityTimeout: { least: 0, most: 43_200, otherwise: 30 },
  DelaySeconds: { least: 0, most: 900, otherwise: 0 },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, otherwise: 345_600 },
  MaximumMessageSize: { least: 1024, most: 1_048_576, otherwise: 1_048_576 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, otherwise: 0 },
} as const;

// Encryption and redrive permission change nothing on one machine; tags neither.
const WITHOUT_EFFECT = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'RedriveAllowPolicy', 'Tags'];

/**
 * Reads the properties of an `AWS::SQS::Queue`.
 * @throws Error for a FIFO queue, an unknown property or a number out of range
 */
export function queueFrom(
  { physicalName, properties }: ResourceRequest,
  place: { readonly endpoint: string; readonly region: string; readonly accountId: string },
): Queue {
  const name = String(properties['QueueName'] ?? physicalName);
  if (properties['FifoQueue'] === true || name.endsWith('.fifo')) {
    throw new Error(`FIFO queues are not supported by the local cloud; use a standard queue`);
  }
  const known = [...Object.keys(NUMBERS), ...WITHOUT_EFFECT, 'QueueName', 'FifoQueue', 'RedrivePolicy'];
  const unknown = Object.keys(properties).filter((property) => !known.includes(property));
  if (unknown.length > 0) throw new Error(`properties not supported by the local cloud: ${unknown.join(', ')}`);
  const number = (property: keyof typeof NUMBERS): number => numberFrom(property, properties[property]);
  return {
    name,
    arn: `arn:aws:sqs:${place.region}:${place.accountId}:${name}`,
    url: `${place.endpoint}/${place.accountId}/${name}`,
    visibilityTimeoutSeconds: number('VisibilityTimeout'),
    delaySeconds: number('DelaySeconds'),
    retentionSeconds: number('MessageRetentionPeriod'),
    maximumMessageBytes: number('MaximumMessageSize'),
    receiveWaitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    ...deadLetterFrom(properties['RedrivePolicy']),
  };
}

function numberFrom(property: keyof typeof NUMBERS, given: unknown): number {
  const { least, most, otherwise } = NUMBERS[property];
  const value = given === undefined ? otherwise : Number(given);
  if (!(value >= least && value <= most)) throw new Error(`${property} must be ${least} to ${most}, got ${String(given)}`);
  return value;
}

function deadLetterFrom(policy: Members | undefined): Pick<Queue, 'deadLetter'> {
  if (policy === undefined) return {};
  const maxReceiveCount = Number(policy['maxReceiveCount']);
  if (!(maxReceiveCount >= 1 && maxReceiveCount <= 1000)) {
    throw new Error(`maxReceiveCount must be 1 to 1000, got ${String(policy['maxReceiveCount'])}`);
  }
  return { deadLetter: { targetArn: String(policy['deadLetterTargetArn']), maxReceiveCount } };
}
