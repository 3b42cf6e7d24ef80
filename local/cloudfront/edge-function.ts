import vm from 'node:vm';
import type { EdgeHeaders, EdgeRequest, EdgeResponse } from './edge-message.ts';
import { pairs } from './pairs.ts';

// CloudFront allows about 1 ms of its own processor; this only stops an endless loop on a busy machine.
const LONGEST_RUN_MS = 1000;

/** A CloudFront function bound to viewer requests: gives the request to go on with, or an answer of its own. */
export type EdgeFunction = (request: EdgeRequest, context: FunctionContext) => Promise<EdgeRequest | EdgeResponse>;

export interface FunctionContext {
  readonly distributionId: string;
  readonly distributionDomainName: string;
  readonly requestId: string;
}

/** What functions call headers, cookies and query strings. */
type FunctionValues = Record<string, { value: string; multiValue?: readonly { value: string }[] }>;

interface FunctionResult {
  readonly method?: string;
  readonly uri?: string;
  readonly querystring?: FunctionValues;
  readonly headers?: FunctionValues;
  readonly cookies?: FunctionValues;
  readonly statusCode?: number;
  readonly body?: string | { readonly encoding: 'text' | 'base64'; readonly data: string };
}

/**
 * Loads the source of a CloudFront function (cloudfront-js-2.0). It runs in a context of its own without eval, which keeps
 * our code honest but is no security boundary.
 * @throws Error when the source uses a module
 */
export function loadEdgeFunction(name: string, source: string): EdgeFunction {
  if (/^\s*import\s/m.test(source) || /\brequire\s*\(/.test(source)) {
    throw new Error(`CloudFront function ${name}: the local cloud runs functions without modules (no key value store, no crypto)`);
  }
  const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(source, context, { filename: `${name}.js`, timeout: LONGEST_RUN_MS });
  const call = new vm.Script('(async () => JSON.stringify(await handler(JSON.parse(event))))()');
  return async (request, { distributionId, distributionDomainName, requestId }) => {
    const event = {
      version: '1.0',
      context: { distributionDomainName, distributionId, eventType: 'viewer-request', requestId },
      viewer: { ip: request.viewerIp },
      request: functionRequest(request),
    };
    context['event'] = JSON.stringify(event);
    const answer: unknown = await call.runInContext(context, { timeout: LONGEST_RUN_MS });
    if (typeof answer !== 'string') throw new Error(`CloudFront function ${name} returned neither a request nor a response`);
    const result: FunctionResult = JSON.parse(answer);
    return result.statusCode === undefined ? changedRequest(request, result) : ownResponse(result);
  };
}

function functionRequest({ method, path, query, headers }: EdgeRequest): FunctionResult {
  const { cookie = '', ...others } = headers;
  return {
    method,
    uri: path,
    querystring: functionValues(pairs(query, '&')),
    headers: functionValues(Object.entries(others)),
    cookies: functionValues(pairs(cookie, ';')),
  };
}

function functionValues(entries: readonly (readonly [string, string])[]): FunctionValues {
  const all: FunctionValues = {};
  for (const [name, value] of entries) {
    const earlier = all[name];
    all[name] =
      earlier === undefined ? { value } : { value, multiValue: [...(earlier.multiValue ?? [{ value: earlier.value }]), { value }] };
  }
  return all;
}

function flat(values: FunctionValues = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((one): [string, string] => [name, one.value]),
  );
}

function changedRequest(request: EdgeRequest, { uri, querystring, headers, cookies }: FunctionResult): EdgeRequest {
  const cookie = flat(cookies).map(([name, value]) => `${name}=${value}`);
  return {
    ...request,
    path: uri ?? request.path,
    query: flat(querystring)
      .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
      .join('&'),
    headers: {
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, { value }]) => [name.toLowerCase(), value])),
      ...(cookie.length === 0 ? {} : { cookie: cookie.join('; ') }),
    },
  };
}

function ownResponse({ statusCode = 200, headers = {}, body }: FunctionResult): EdgeResponse {
  const sent: EdgeHeaders = Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value]));
  const bytes = typeof body === 'object' ? Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8') : Buffer.from(body ?? '');
  return { status: statusCode, headers: { ...sent, 'content-length': String(bytes.byteLength) }, body: bytes };
}
