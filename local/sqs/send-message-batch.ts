import type { Operation } from '../gateway/service.ts';
import { runBatch } from './batch.ts';
import type { QueueService } from './queue-service.ts';
import { sendEntry } from './send-message.ts';

/** SendMessageBatch. IAM knows no action of its own for it. */
export function sendMessageBatch(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:SendMessage', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input, caller) => {
      const queue = service.byUrl(input['QueueUrl']);
      return runBatch(input, (entry) => sendEntry(service, queue, entry, caller));
    },
  };
}
