import type { Cloud, CloudPart, Functions } from '../cloud.ts';
import { restJson } from '../gateway/codecs/rest-json.ts';
import type { Observability } from '../observability/observability.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { EventSourceMapping } from './event-source-mapping.ts';
import { functionFrom } from './function.ts';
import { FunctionService } from './function-service.ts';
import { invoke, invokeRoute } from './invoke.ts';
import { SandboxPool } from './sandbox-pool.ts';

/** Lambda of the local cloud: `functions` for the other parts, the rest for the gateway and the deployment. */
export interface Lambda extends CloudPart {
  readonly functions: Functions;
}

export interface LambdaOptions {
  readonly queues: QueueService;
  readonly observability: Observability;
  /**
   * Pauses before the retries of an asynchronous invocation, one for each.
   * @default 60 and 120, as on AWS
   */
  readonly retryDelaysSeconds?: readonly number[];
}

/** Makes the Lambda part. */
export function createLambda(cloud: Cloud, { queues, observability, retryDelaysSeconds }: LambdaOptions): Lambda {
  const pool = new SandboxPool(cloud, observability);
  const functions = new FunctionService(pool);
  const asyncInvocations = new AsyncInvocations(cloud, functions, queues, retryDelaysSeconds);
  const mappings: EventSourceMapping[] = [];
  return {
    functions: asyncInvocations,
    resources: {
      'AWS::Lambda::Function': (request) => {
        const lambda = functionFrom(request, cloud);
        functions.define(lambda);
        return { ref: lambda.name, attributes: { Arn: lambda.arn } };
      },
      'AWS::Lambda::EventSourceMapping': ({ properties }) => {
        const mapping = new EventSourceMapping(cloud, queues, functions, properties);
        mappings.push(mapping);
        return { ref: mapping.id, attributes: { Id: mapping.id } };
      },
      // Resource policies are not evaluated by the local cloud; identity policies are.
      'AWS::Lambda::Permission': ({ physicalName }) => ({ ref: physicalName }),
      // Only CDK's BucketDeployment brings a layer, for a function that is never run here.
      'AWS::Lambda::LayerVersion': ({ physicalName }) => {
        const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:layer:${physicalName}:1`;
        return { ref: arn, attributes: { LayerVersionArn: arn } };
      },
    },
    service: {
      signingName: 'lambda',
      codec: restJson([invokeRoute]),
      operations: { Invoke: invoke(functions, asyncInvocations, cloud) },
    },
    start() {
      asyncInvocations.start();
      for (const mapping of mappings) mapping.start();
    },
    async stop() {
      asyncInvocations.stop();
      for (const mapping of mappings) mapping.stop();
      await pool.stop();
    },
  };
}
