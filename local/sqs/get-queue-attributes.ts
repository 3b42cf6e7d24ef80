import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import type { Queue } from './queue.ts';
import type { QueueService } from './queue-service.ts';

/** GetQueueAttributes. The counts are exact here, whatever their names say. */
export function getQueueAttributes(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:GetQueueAttributes', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      const names: readonly string[] = input['AttributeNames'] ?? [];
      const all = attributesOf(service, service.byUrl(input['QueueUrl']));
      const unknown = names.find((name) => name !== 'All' && !(name in all) && name !== 'RedrivePolicy');
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const asked = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
      return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) };
    },
  };
}

function attributesOf(service: QueueService, queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = service.messages.counts(queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    MaximumMessageSize: String(queue.maximumMessageBytes),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds),
    ...(queue.deadLetter && {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.deadLetter.targetArn, maxReceiveCount: queue.deadLetter.maxReceiveCount }),
    }),
  };
}
