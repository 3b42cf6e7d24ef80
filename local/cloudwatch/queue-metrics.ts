import type { MetricValue } from '../observability/metric-table.ts';
import type { QueueService } from '../sqs/queue-service.ts';

/** What SQS tells CloudWatch of its queues once a minute. */
export function queueMetrics(queues: QueueService, now: number): readonly MetricValue[] {
  return queues.all.flatMap((queue) => {
    const { visible, inFlight } = queues.messages.counts(queue);
    const sentAt = queues.messages.oldestSentAt(queue);
    const metric = (name: string, unit: string, value: number): MetricValue => ({
      namespace: 'AWS/SQS',
      name,
      dimensions: { QueueName: queue.name },
      unit,
      timestamp: now,
      value,
    });
    return [
      metric('ApproximateNumberOfMessagesVisible', 'Count', visible),
      metric('ApproximateNumberOfMessagesNotVisible', 'Count', inFlight),
      metric('ApproximateAgeOfOldestMessage', 'Seconds', sentAt === undefined ? 0 : Math.max(0, (now - sentAt) / 1000)),
    ];
  });
}
