import { randomUUID } from 'node:crypto';
import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import type { QueueService } from './queue-service.ts';

/**
 * StartMessageMoveTask. The task is over when the call answers, because on one machine it is one transaction;
 * `MaxNumberOfMessagesPerSecond` therefore says nothing.
 */
export function startMessageMoveTask(service: QueueService): Operation {
  return {
    // The caller moves the messages with rights of its own, as the SQS developer guide lists them.
    permissions: ({ SourceArn, DestinationArn }) => [
      ...['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => ({
        action: `sqs:${action}`,
        resource: String(SourceArn),
      })),
      ...(DestinationArn === undefined ? [] : [{ action: 'sqs:SendMessage', resource: String(DestinationArn) }]),
    ],
    run: (input) => {
      const source = service.byArn(String(input['SourceArn']));
      if (!service.all.some(({ deadLetter }) => deadLetter?.targetArn === source.arn)) {
        // As on AWS: the dead letters of rules, schedules and functions have no queue to go back to.
        throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      }
      const destination: unknown = input['DestinationArn'];
      const moves = service.messages.movable(source).flatMap(({ id, source: origin }) => {
        const arn = typeof destination === 'string' ? destination : origin;
        return arn === undefined ? [] : [{ id, target: service.byArn(arn) }];
      });
      service.moveAll(moves);
      return { TaskHandle: Buffer.from(`${source.name}/${randomUUID()}`).toString('base64') };
    },
  };
}
