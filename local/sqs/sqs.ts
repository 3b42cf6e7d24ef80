import type { ResourceProviders } from '../assembly/resource-provider.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import { changeMessageVisibility } from './change-message-visibility.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { listQueues } from './list-queues.ts';
import { purgeQueue } from './purge-queue.ts';
import { queueFrom } from './queue.ts';
import { QueueService } from './queue-service.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { startMessageMoveTask } from './start-message-move-task.ts';

/** SQS of the local cloud: `queues` for the other parts, the rest for the gateway and the deployment. */
export interface Sqs extends CloudPart {
  readonly queues: QueueService;
}

/** Makes the SQS part. */
export function createSqs(cloud: Cloud): Sqs {
  const queues = new QueueService(cloud);
  return {
    queues,
    resources: queueResources(queues),
    service: {
      signingName: 'sqs',
      codec: awsJson({ targetPrefix: 'AmazonSQS', version: '1.0' }),
      operations: queueOperations(queues),
    },
    start: () => queues.start(),
    stop: () => queues.stop(),
  };
}

/** The API operations by name. */
function queueOperations(queues: QueueService) {
  return {
    ChangeMessageVisibility: changeMessageVisibility(queues),
    DeleteMessage: deleteMessage(queues),
    DeleteMessageBatch: deleteMessageBatch(queues),
    GetQueueAttributes: getQueueAttributes(queues),
    ListQueues: listQueues(queues),
    PurgeQueue: purgeQueue(queues),
    ReceiveMessage: receiveMessage(queues),
    SendMessage: sendMessage(queues),
    SendMessageBatch: sendMessageBatch(queues),
    StartMessageMoveTask: startMessageMoveTask(queues),
  };
}

/** The resource types. */
function queueResources(queues: QueueService): ResourceProviders {
  return {
    'AWS::SQS::Queue': (request) => {
      const queue = queueFrom(request, queues.cloud);
      queues.define(queue);
      return { ref: queue.url, attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: queue.url } };
    },
    // Resource policies are not evaluated by the local cloud; identity policies are.
    'AWS::SQS::QueuePolicy': ({ physicalName }) => ({ ref: physicalName, attributes: { Id: physicalName } }),
  };
}
