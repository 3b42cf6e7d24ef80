import type { Operation } from '../gateway/service.ts';
import { runBatch } from './batch.ts';
import { receiptFrom, type QueueService } from './queue-service.ts';

/** DeleteMessageBatch. */
export function deleteMessageBatch(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:DeleteMessage', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      const queue = service.byUrl(input['QueueUrl']);
      return runBatch(input, (entry) => {
        service.remove(queue, receiptFrom(entry['ReceiptHandle']));
        return {};
      });
    },
  };
}
