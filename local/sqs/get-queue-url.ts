import type { Operation } from '../gateway/service.ts';
import type { QueueService } from './queue-service.ts';

/** GetQueueUrl. */
export function getQueueUrl(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:GetQueueUrl', resource: service.byName(String(input['QueueName'])).arn }],
    run: (input) => ({ QueueUrl: service.byName(String(input['QueueName'])).url }),
  };
}
