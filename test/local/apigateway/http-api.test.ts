import { beforeEach, expect, test } from '@jest/globals';
import { createApiGateway } from '../../../local/apigateway/apigateway.ts';
import { matchRoute } from '../../../local/apigateway/route.ts';
import type { Cloud } from '../../../local/cloud.ts';

let invoked: { functionArn: string; event: Record<string, unknown> }[] = [];
let result: { FunctionError?: string; Payload: Buffer };

// The Lambda service belongs to another part; here it answers what the test says.
const cloud = {
  accountId: '000000000000',
  region: 'us-east-1',
  warn: () => undefined,
  async call(_caller: unknown, _service: string, _operation: string, { FunctionName, Payload }: { FunctionName: string; Payload: Buffer }) {
    invoked.push({ functionArn: FunctionName, event: JSON.parse(Payload.toString()) });
    return { StatusCode: 200, ...result };
  },
} as unknown as Cloud;

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:api';
let host: string;
let gateway: ReturnType<typeof createApiGateway>;

beforeEach(async () => {
  invoked = [];
  gateway = createApiGateway(cloud);
  const deploy = async (type: string, logicalId: string, properties: Record<string, unknown>) => {
    const provider = gateway.resources?.[type];
    if (provider === undefined) throw new Error(`no provider of ${type}`);
    return provider({ type, stackName: 'Service', logicalId, physicalName: `service-${logicalId}`, properties });
  };
  const api = await deploy('AWS::ApiGatewayV2::Api', 'Api', { Name: 'api', ProtocolType: 'HTTP' });
  const integration = await deploy('AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId: api.ref,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn,
    PayloadFormatVersion: '2.0',
  });
  await deploy('AWS::ApiGatewayV2::Route', 'Route', {
    ApiId: api.ref,
    RouteKey: 'GET /v1/{proxy+}',
    Target: `integrations/${integration.ref}`,
  });
  await deploy('AWS::ApiGatewayV2::Stage', 'Stage', { ApiId: api.ref, StageName: '$default', AutoDeploy: true });
  host = new URL(api.attributes?.['ApiEndpoint'] ?? '').host;
});

const get = (path: string, query = '', headers: Record<string, string> = {}, method = 'GET') =>
  gateway.handle({ method, path, query, headers: { host, ...headers }, body: Buffer.alloc(0), sourceIp: '127.0.0.1' });

test('the function gets the event of payload format 2.0', async () => {
  result = { Payload: Buffer.from('{"statusCode":204}') };
  await get('/v1/a%20b/transcript', 'q=living%20water&q=well&empty=', { cookie: 'a=1; b=2', 'user-agent': 'test' });
  expect(invoked[0]?.functionArn).toBe(functionArn);
  expect(invoked[0]?.event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /v1/{proxy+}',
    rawPath: '/v1/a b/transcript',
    rawQueryString: 'q=living%20water&q=well&empty=',
    cookies: ['a=1', 'b=2'],
    queryStringParameters: { q: 'living water,well', empty: '' },
    pathParameters: { proxy: 'a b/transcript' },
    requestContext: { http: { method: 'GET', path: '/v1/a b/transcript', userAgent: 'test', sourceIp: '127.0.0.1' }, stage: '$default' },
    isBase64Encoded: false,
  });
  expect(invoked[0]?.event).not.toHaveProperty('body');
});

test.each([
  ['{"statusCode":201,"headers":{"Content-Type":"text/css"},"cookies":["a=1","b=2"],"body":"p{}"}', 201, 'text/css', 'p{}'],
  ['{"statusCode":200,"isBase64Encoded":true,"headers":{"content-type":"image/png"},"body":"aGk="}', 200, 'image/png', 'hi'],
  ['{"items":[]}', 200, 'application/json', '{"items":[]}'],
  ['"plain"', 200, 'application/json', 'plain'],
  ['{"statusCode":"nonsense"}', 500, 'application/json', '{"message":"Internal Server Error"}'],
])('the result %s answers %d', async (payload, status, type, body) => {
  result = { Payload: Buffer.from(payload) };
  const answer = await get('/v1/sermons');
  expect({ status: answer.status, type: answer.headers['content-type'], body: answer.body.toString() }).toEqual({ status, type, body });
});

test('a function that fails answers 500, and a path without a route 404, in API Gateway words', async () => {
  result = { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"secret"}') };
  expect((await get('/v1/sermons')).body.toString()).toBe('{"message":"Internal Server Error"}');
  expect(await get('/elsewhere')).toMatchObject({ status: 404, body: Buffer.from('{"message":"Not Found"}') });
  expect((await get('/v1/sermons', '', {}, 'POST')).status).toBe(404);
});

test('the most specific route wins', () => {
  const routes = ['$default', 'ANY /{proxy+}', 'GET /v1/{proxy+}', 'GET /v1/sermons/{id}', 'ANY /v1/sermons/latest'].map((key) => ({
    key,
    integrationId: 'i',
  }));
  const chosen = (method: string, path: string) => matchRoute(routes, method, path)?.route.key;
  expect(chosen('GET', '/v1/sermons/latest')).toBe('ANY /v1/sermons/latest');
  expect(chosen('GET', '/v1/sermons/x')).toBe('GET /v1/sermons/{id}');
  expect(chosen('GET', '/v1/sermons/x/transcript')).toBe('GET /v1/{proxy+}');
  expect(chosen('POST', '/v1/sermons/x')).toBe('ANY /{proxy+}');
  expect(chosen('GET', '/')).toBe('$default');
});
