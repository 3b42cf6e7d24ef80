import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation } from '../gateway/service.ts';
import type { Queue } from './queue.ts';
import { receiptFrom, type QueueService } from './queue-service.ts';

/** ChangeMessageVisibility. */
export function changeMessageVisibility(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:ChangeMessageVisibility', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => hideEntry(service, service.byUrl(input['QueueUrl']), input),
  };
}

/** Changes one message's visibility, alone or as an entry of a batch. @throws AwsError */
export function hideEntry(service: QueueService, queue: Queue, entry: Members): Members {
  const seconds: unknown = entry['VisibilityTimeout'];
  if (typeof seconds !== 'number' || seconds < 0 || seconds > 43_200) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${String(seconds)} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
    );
  }
  service.hide(queue, receiptFrom(entry['ReceiptHandle']), seconds);
  return {};
}
