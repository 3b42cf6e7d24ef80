import type { HttpApiRequest } from './http-apis.ts';

/** Which API, route and stage a request came to. */
export interface RoutedRequest {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** As the template writes it, such as `GET /v1/sermons/{id}` or `$default`. */
  readonly routeKey: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

// Bodies of these types arrive as text; all others arrive in base64.
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|.+\+(json|xml)))/i;

/** The event of payload format 2.0 as API Gateway builds it: path and query values decoded, cookies in a list of their own. */
export function payloadFormat2(request: HttpApiRequest, route: RoutedRequest): Record<string, unknown> {
  const { cookie, ...headers } = request.headers;
  const path = decoded(request.path);
  const query = queryParameters(request.query);
  const isText = TEXT_TYPE.test(headers['content-type'] ?? 'text/plain');
  const host = headers['host'] ?? '';
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: route.accountId,
      apiId: route.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: request.sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: route.requestId,
      routeKey: route.routeKey,
      stage: route.stage,
      time: logTime(new Date(route.time)),
      timeEpoch: route.time,
    },
    ...(Object.keys(route.pathParameters).length === 0 ? {} : { pathParameters: route.pathParameters }),
    ...(route.stageVariables === undefined ? {} : { stageVariables: route.stageVariables }),
    ...(request.body.byteLength === 0 ? {} : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.byteLength > 0 && !isText,
  };
}

/** A percent-encoded path in plain characters; as it is where it is not well formed. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function queryParameters(query: string): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    parameters[name] = parameters[name] === undefined ? value : `${parameters[name]},${value}`;
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

/** The time as access logs write it: `12/Mar/2020:19:03:58 +0000`. */
function logTime(time: Date): string {
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][time.getUTCMonth()];
  return `${String(time.getUTCDate()).padStart(2, '0')}/${month}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)} +0000`;
}
