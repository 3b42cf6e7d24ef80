import { Duration } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { SEARCH_PREFIX, SERMONS_PREFIX } from '../lambda/shared/storage-keys.ts';
import { allowModel } from './embedding.ts';
import { createLogGroup } from './observability.ts';
import type { OriginSecret } from './origin-secret.ts';
import { acknowledge, allow, allowCatalogue, allowObjects } from './permissions.ts';
import { PulpitFunction } from './pulpit-function.ts';
import type { ServiceContext } from './service-context.ts';

export interface ApiProps extends ServiceContext {
  /** Shown by CloudFront; requests without it are refused. */
  readonly originSecret: OriginSecret;
}

/** The public API below `/v1`: one function that has the routes, behind an HTTP API that has the limits. */
export class Api extends Construct {
  readonly httpApi: apigatewayv2.HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { settings } = props;
    const api = this.#createFunction(props);
    this.httpApi = new apigatewayv2.HttpApi(this, 'HttpApi', {
      description: 'Pulpit: sermons, transcripts and search',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Function', api.function),
    });
    new apigatewayv2.HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.apiRequestsPerSecond, burstLimit: settings.apiBurst },
      accessLogSettings: {
        destination: new apigatewayv2.LogGroupLogDestination(createLogGroup(this, 'AccessLogs', settings)),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    acknowledge(this.httpApi, 'what it serves is published for everybody to read', 'AwsSolutions-APIG4');
  }

  #createFunction({ settings, bundles, storage, originSecret }: ApiProps): PulpitFunction {
    const api = new PulpitFunction(this, 'Function', {
      settings,
      bundles,
      name: 'api',
      // CloudFront waits 30 s for an answer; a listener not that long.
      timeout: Duration.seconds(15),
      // One whole processor for SQLite, and room for the full-text shard, which is kept between invocations.
      memorySize: 1769,
      environment: {
        CATALOGUE_TABLE: storage.catalogue.tableName,
        MEDIA_BUCKET: storage.media.bucketName,
        VECTOR_INDEX_ARN: storage.vectorIndexArn,
        EMBEDDING_MODEL_ID: settings.embeddingModelId,
        EMBEDDING_DIMENSIONS: String(settings.embeddingDimensions),
        EMBEDDING_WEIGHT: String(settings.embeddingWeight),
        ORIGIN_SECRET_ARN: originSecret.arn,
      },
      invokedBy: 'caller',
    });
    allowCatalogue(api.role, storage, 'GetItem', 'BatchGetItem', 'Query');
    allowObjects(api.role, storage.media, { read: [SERMONS_PREFIX, SEARCH_PREFIX], list: [SEARCH_PREFIX] });
    allowModel(api.role, settings.embeddingModelId);
    // GetVectors would be needed for a filter or for metadata; keys and distances are all that is asked for.
    allow(api.role, { actions: ['s3vectors:QueryVectors'], resources: [storage.vectorIndexArn] });
    originSecret.allowReading(api);
    return api;
  }

  /** Answers with a status of 500 or more. */
  metricServerErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.httpApi.metricServerError({ statistic: 'Sum', ...options });
  }
}

/** One line a request. No query string: what people search for is nobody's business. */
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMilliseconds: '$context.responseLatency',
  error: '$context.error.message',
} as const;
