import type { Operation } from '../gateway/service.ts';
import type { QueueService } from './queue-service.ts';

/** PurgeQueue. */
export function purgeQueue(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:PurgeQueue', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      const queue = service.byUrl(input['QueueUrl']);
      service.cloud.store.write(() => service.messages.purge(queue));
      return {};
    },
  };
}
