import type { Operation } from '../gateway/service.ts';
import { receiptFrom, type QueueService } from './queue-service.ts';

/** DeleteMessage. A receipt from before the newest delivery succeeds and deletes nothing, which SQS allows. */
export function deleteMessage(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:DeleteMessage', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      service.remove(service.byUrl(input['QueueUrl']), receiptFrom(input['ReceiptHandle']));
      return {};
    },
  };
}
