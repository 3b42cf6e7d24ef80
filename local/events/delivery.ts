import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { Observability } from '../observability/observability.ts';
import { textAttribute } from '../sqs/message-attributes.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import type { Rule, Target } from './rule.ts';

/** Where rules deliver to. */
export interface Destinations {
  readonly queues: QueueService;
  readonly observability: Pick<Observability, 'putLog'>;
}

const SENDER = 'events.amazonaws.com';

/**
 * Delivers an event to all targets of a rule, in this turn's transaction. An event that its target cannot take goes to
 * the target's dead-letter queue as it came, with the attributes that EventBridge adds; without such a queue it is lost, as on AWS.
 */
export function deliver(cloud: Cloud, destinations: Destinations, rule: Rule, envelope: Members): void {
  for (const target of rule.targets) {
    try {
      deliverTo(cloud, destinations, target, target.input(envelope));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      cloud.warn('an event could not be delivered', { rule: rule.name, target: target.arn, error: error.message });
      if (target.deadLetterArn !== undefined) deadLetter(cloud, destinations.queues, rule, target, target.deadLetterArn, envelope, error);
    }
  }
}

function deliverTo(cloud: Cloud, { queues, observability }: Destinations, { arn }: Target, input: string): void {
  const service = arn.split(':')[2];
  if (service === 'sqs') queues.send(arn, input, { sender: SENDER });
  else if (service === 'lambda') cloud.functions.enqueue(arn, parsed(input));
  else observability.putLog(arn.split(':')[6] ?? '', 'events', input);
}

function deadLetter(
  cloud: Cloud,
  queues: QueueService,
  rule: Rule,
  target: Target,
  deadLetterArn: string,
  envelope: Members,
  error: AwsError,
): void {
  const missing = ['QueueDoesNotExist', 'ResourceNotFoundException'].includes(error.code);
  try {
    queues.send(deadLetterArn, JSON.stringify(envelope), {
      sender: SENDER,
      attributes: {
        RULE_ARN: textAttribute(rule.arn),
        TARGET_ARN: textAttribute(target.arn),
        ERROR_CODE: textAttribute(missing ? 'NO_RESOURCE' : 'SDK_CLIENT_ERROR'),
        ERROR_MESSAGE: textAttribute(error.message),
        RETRY_ATTEMPTS: { dataType: 'Number', stringValue: '0' },
      },
    });
  } catch (failure) {
    if (!(failure instanceof AwsError)) throw failure;
    cloud.warn('an undeliverable event is lost: its dead-letter queue does not take it', {
      rule: rule.name,
      queue: deadLetterArn,
      error: failure.message,
    });
  }
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'The input transformer did not give JSON, which a function needs.');
  }
}
