import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import { textAttribute } from '../sqs/message-attributes.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import type { Rule, Target } from './rule.ts';

const SENDER = 'events.amazonaws.com';

/**
 * Delivers an event to all targets of a rule, in this turn's transaction. An event that its target cannot take goes to
 * the target's dead-letter queue as it came, with the attributes that EventBridge adds; without such a queue it is lost, as on AWS.
 */
export function deliver(cloud: Cloud, queues: QueueService, rule: Rule, envelope: Members): void {
  for (const target of rule.targets) {
    try {
      deliverTo(cloud, queues, target, target.input(envelope));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      cloud.warn('an event could not be delivered', { rule: rule.name, target: target.arn, error: error.message });
      if (target.deadLetterArn !== undefined) deadLetter(cloud, queues, rule, target, target.deadLetterArn, envelope, error);
    }
  }
}

function deliverTo(cloud: Cloud, queues: QueueService, { arn }: Target, input: string): void {
  if (arn.startsWith('arn:aws:sqs:')) queues.send(arn, input, { sender: SENDER });
  else cloud.functions.enqueue(arn, parsed(input));
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
