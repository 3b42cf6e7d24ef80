import type { Operation } from '../gateway/service.ts';
import type { QueueService } from './queue-service.ts';

/** ListQueues, all on one page: a template has few. */
export function listQueues(service: QueueService): Operation {
  return {
    permissions: () => [{ action: 'sqs:ListQueues', resource: '*' }],
    run: (input) => {
      const prefix = String(input['QueueNamePrefix'] ?? '');
      return { QueueUrls: service.all.filter(({ name }) => name.startsWith(prefix)).map(({ url }) => url) };
    },
  };
}
