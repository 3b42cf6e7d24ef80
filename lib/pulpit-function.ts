import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Bundles } from './bundles.ts';
import { createLogGroup, observabilityEnvironment } from './observability.ts';
import { acknowledge, wildcardFinding } from './permissions.ts';
import type { Settings } from './settings.ts';

export interface PulpitFunctionProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  /** Folder below `lambda/`. */
  readonly name: string;
  readonly timeout: Duration;
  /** Megabytes; a function's share of a processor grows with it (1,769 MB is one whole one). */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  /**
   * `event`: invoked without anybody waiting, so the function has a dead-letter queue for events that it cannot handle.
   * `caller`: who invokes it gets its error, and tries again.
   */
  readonly invokedBy: 'caller' | 'event';
}

/** One of our functions: Node 24 on ARM64, traced, with a log group and a role of its own that may do nothing but log and trace. */
export class PulpitFunction extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  /** Events that the function, or the rule before it, could not hand over. Only where nobody waits for an answer. */
  readonly deadLetterQueue: sqs.Queue | undefined;

  constructor(scope: Construct, id: string, props: PulpitFunctionProps) {
    super(scope, id);
    const logGroup = createLogGroup(this, 'Logs', props.settings);
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    if (props.invokedBy === 'event') this.deadLetterQueue = createDeadLetterQueue(this, 'DeadLetterQueue');

    this.function = new lambda.Function(this, 'Resource', {
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(props.bundles.functionFolder(props.name)),
      handler: 'index.handler',
      description: `Pulpit: ${props.name}`,
      role: this.role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: { ...observabilityEnvironment(props.settings), ...props.environment },
      ...(this.deadLetterQueue === undefined ? {} : { deadLetterQueue: this.deadLetterQueue }),
    });
    acknowledge(this.role, 'X-Ray takes trace segments on no narrower resource', wildcardFinding(this.role, '*'));
    if (this.deadLetterQueue === undefined) {
      acknowledge(
        this,
        'invoked synchronously: the caller gets the error and tries again, so no event can be lost here',
        'Serverless-LambdaDLQ',
      );
    }
  }

  /** The dead-letter queue of a function that events invoke. @throws when the function answers to a caller */
  get eventDeadLetterQueue(): sqs.Queue {
    if (this.deadLetterQueue === undefined) throw new Error(`${this.node.path} has no dead-letter queue; give it invokedBy: 'event'`);
    return this.deadLetterQueue;
  }

  /** Events that the function could not handle, or never got. Above zero, a person must look. @throws when it answers to a caller */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.eventDeadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }
}

/**
 * A queue for what could not be handled: kept as long as SQS allows, and readable over TLS only.
 * @param sourceQueueName the queue of this stack whose messages may end here; without one, messages come from rules and
 * functions only
 */
export function createDeadLetterQueue(scope: Construct, id: string, sourceQueueName?: string): sqs.Queue {
  const queue = new sqs.Queue(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
  const cfnQueue = queue.node.defaultChild;
  if (!(cfnQueue instanceof sqs.CfnQueue)) throw new Error(`${queue.node.path} has no AWS::SQS::Queue`);
  // By name, through the L1 property: the L2's takes the queue itself, which is made after its dead-letter queue.
  cfnQueue.redriveAllowPolicy =
    sourceQueueName === undefined
      ? { redrivePermission: 'denyAll' }
      : { redrivePermission: 'byQueue', sourceQueueArns: [Stack.of(scope).formatArn({ service: 'sqs', resource: sourceQueueName })] };
  acknowledge(queue, 'this is a dead-letter queue itself', 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy');
  return queue;
}
