import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { receiptFrom, type QueueService } from './queue-service.ts';

/** ChangeMessageVisibility. */
export function changeMessageVisibility(service: QueueService): Operation {
  return {
    permissions: (input) => [{ action: 'sqs:ChangeMessageVisibility', resource: service.byUrl(input['QueueUrl']).arn }],
    run: (input) => {
      const seconds: unknown = input['VisibilityTimeout'];
      if (typeof seconds !== 'number' || seconds < 0 || seconds > 43_200) {
        throw new AwsError(
          'InvalidParameterValue',
          `Value ${String(seconds)} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
        );
      }
      service.hide(service.byUrl(input['QueueUrl']), receiptFrom(input['ReceiptHandle']), seconds);
      return {};
    },
  };
}
