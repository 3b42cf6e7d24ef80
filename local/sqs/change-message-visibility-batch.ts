import type { Operation } from '../gateway/service.ts';
import { runBatch } from './batch.ts';
import { hideEntry } from './change-message-visibility.ts';
import type { QueueService } from './queue-service.ts';

/** ChangeMessageVisibilityBatch. */
export function changeMessageVisibilityBatch(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:ChangeMessageVisibility', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      const queue = service.byUrl(input['QueueUrl']);
      return runBatch(input, (entry) => hideEntry(service, queue, entry));
    },
  };
}
