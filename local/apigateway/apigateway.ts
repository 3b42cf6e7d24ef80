import { createHash, randomUUID } from 'node:crypto';
import type { DeployedResource, ResourceRequest } from '../assembly/resource-provider.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';
import type { Principal } from '../gateway/service.ts';
import { payloadFormat2 } from './event.ts';
import { functionAnswer, gatewayMessage } from './function-answer.ts';
import type { HttpApiRequest, HttpApiResponse, HttpApis } from './http-apis.ts';
import { matchRoute, type Route } from './route.ts';

const API_GATEWAY: Principal = { kind: 'service', name: 'apigateway.amazonaws.com' };
// Quotas of HTTP APIs.
const LARGEST_BODY_BYTES = 10_000_000;
const LONGEST_INTEGRATION_MS = 30_000;

interface Api {
  readonly id: string;
  readonly routes: Map<string, Route>;
  readonly integrations: Map<string, Integration>;
  readonly stages: Map<string, Readonly<Record<string, string>> | undefined>;
}

interface Integration {
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** API Gateway's HTTP APIs with Lambda integrations of payload format 2.0. */
export function createApiGateway(cloud: Cloud): CloudPart & HttpApis {
  const apis = new HttpApiRegistry(cloud);
  return {
    resources: {
      'AWS::ApiGatewayV2::Api': (request) => apis.deployApi(request),
      'AWS::ApiGatewayV2::Integration': (request) => apis.deployIntegration(request),
      'AWS::ApiGatewayV2::Route': (request) => apis.deployRoute(request),
      'AWS::ApiGatewayV2::Stage': (request) => apis.deployStage(request),
    },
    handle: (request) => apis.handle(request),
  };
}

class HttpApiRegistry implements HttpApis {
  readonly #cloud: Cloud;
  readonly #apis = new Map<string, Api>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  deployApi({ logicalId, physicalName, properties }: ResourceRequest): DeployedResource {
    refuseUnknownProperties(`HTTP API ${logicalId}`, properties, [
      'Name',
      'Description',
      'ProtocolType',
      'DisableExecuteApiEndpoint',
      'Tags',
      'IpAddressType',
    ]);
    if (properties['ProtocolType'] !== 'HTTP')
      throw new Error(`API ${logicalId}: the local cloud knows the protocol HTTP, not ${properties['ProtocolType']}`);
    const id = shortId(physicalName);
    this.#apis.set(id, { id, routes: new Map(), integrations: new Map(), stages: new Map() });
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: `https://${id}.execute-api.${this.#cloud.region}.amazonaws.com` } };
  }

  deployIntegration({ logicalId, physicalName, properties }: ResourceRequest): DeployedResource {
    const where = `integration ${logicalId}`;
    const known = [
      'ApiId',
      'IntegrationType',
      'IntegrationUri',
      'IntegrationMethod',
      'PayloadFormatVersion',
      'TimeoutInMillis',
      'Description',
      'ConnectionType',
    ];
    refuseUnknownProperties(where, properties, known);
    if (properties['IntegrationType'] !== 'AWS_PROXY')
      throw new Error(`${where}: the local cloud knows the type AWS_PROXY, not ${properties['IntegrationType']}`);
    if (String(properties['PayloadFormatVersion']) !== '2.0') {
      throw new Error(`${where}: the local cloud knows payload format 2.0, not ${properties['PayloadFormatVersion']}`);
    }
    const id = shortId(physicalName);
    const uri = String(properties['IntegrationUri']);
    const functionArn = /\/functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri;
    this.#api(where, properties['ApiId']).integrations.set(id, {
      functionArn,
      timeoutMs: Number(properties['TimeoutInMillis'] ?? LONGEST_INTEGRATION_MS),
    });
    return { ref: id, attributes: { IntegrationId: id } };
  }

  deployRoute({ logicalId, physicalName, properties }: ResourceRequest): DeployedResource {
    const where = `route ${logicalId}`;
    refuseUnknownProperties(where, properties, ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'OperationName']);
    if (![undefined, 'NONE'].includes(properties['AuthorizationType']))
      throw new Error(`${where}: the local cloud knows no ${properties['AuthorizationType']} authorisation`);
    const key = String(properties['RouteKey']);
    const integrationId = String(properties['Target']).replace(/^integrations\//, '');
    this.#api(where, properties['ApiId']).routes.set(key, { key, integrationId });
    return { ref: shortId(physicalName), attributes: { RouteId: shortId(physicalName) } };
  }

  deployStage({ logicalId, properties }: ResourceRequest): DeployedResource {
    const where = `stage ${logicalId}`;
    // Logs and throttling change nothing that one listener on one machine could see.
    const known = [
      'ApiId',
      'StageName',
      'AutoDeploy',
      'AccessLogSettings',
      'DefaultRouteSettings',
      'RouteSettings',
      'StageVariables',
      'Description',
      'Tags',
    ];
    refuseUnknownProperties(where, properties, known);
    const name = String(properties['StageName']);
    this.#api(where, properties['ApiId']).stages.set(name, properties['StageVariables']);
    return { ref: name };
  }

  async handle(request: HttpApiRequest): Promise<HttpApiResponse> {
    const requestId = randomUUID();
    const response = await this.#answer(request, requestId);
    return { ...response, headers: { ...response.headers, 'apigw-requestid': requestId } };
  }

  async #answer(request: HttpApiRequest, requestId: string): Promise<HttpApiResponse> {
    const api = this.#apis.get(request.headers['host']?.split('.')[0] ?? '');
    // A named stage is the first segment of the path; $default has none.
    const [, first = ''] = request.path.split('/');
    const stage = api?.stages.has(first) ? first : '$default';
    if (api === undefined || !api.stages.has(stage)) return gatewayMessage(404, 'Not Found');
    const path = stage === '$default' ? request.path : request.path.slice(first.length + 1) || '/';
    const match = matchRoute([...api.routes.values()], request.method, path);
    const integration = match && api.integrations.get(match.route.integrationId);
    if (match === undefined || integration === undefined) return gatewayMessage(404, 'Not Found');
    if (request.body.byteLength > LARGEST_BODY_BYTES) return gatewayMessage(413, 'Request Entity Too Large');
    const stageVariables = api.stages.get(stage);
    const event = payloadFormat2(request, {
      accountId: this.#cloud.accountId,
      apiId: api.id,
      stage,
      ...(stageVariables === undefined ? {} : { stageVariables }),
      routeKey: match.route.key,
      pathParameters: match.pathParameters,
      requestId,
      time: Date.now(),
    });
    return this.#invoke(integration, event);
  }

  async #invoke({ functionArn, timeoutMs }: Integration, event: Record<string, unknown>): Promise<HttpApiResponse> {
    const { promise: tooLong, resolve } = Promise.withResolvers<HttpApiResponse>();
    const timer = setTimeout(() => resolve(gatewayMessage(503, 'Service Unavailable')), timeoutMs);
    try {
      return await Promise.race([this.#result(functionArn, event), tooLong]);
    } catch (error) {
      this.#cloud.warn('an HTTP API could not invoke its function', { functionArn, error: String(error) });
      return gatewayMessage(500, 'Internal Server Error');
    } finally {
      clearTimeout(timer);
    }
  }

  async #result(functionArn: string, event: Record<string, unknown>): Promise<HttpApiResponse> {
    const input = { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(event)) };
    const { FunctionError, Payload } = await this.#cloud.call(API_GATEWAY, 'lambda', 'Invoke', input);
    if (FunctionError !== undefined) return gatewayMessage(500, 'Internal Server Error');
    return functionAnswer(Buffer.from(Payload ?? 'null').toString());
  }

  #api(where: string, id: unknown): Api {
    const api = this.#apis.get(String(id));
    if (api === undefined) throw new Error(`${where}: there is no HTTP API ${String(id)}`);
    return api;
  }
}

/** An id as API Gateway gives them: ten characters, the same at every start. */
function shortId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10);
}
