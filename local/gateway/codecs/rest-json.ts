import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { Codec, Members } from '../service.ts';
import { parseJsonObject, readBody, wireJson } from './read-body.ts';

/** A request taken apart. */
export interface RestRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A response to write. */
export interface RestResponse {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One operation's place in the URL space. */
export interface RestRoute {
  readonly method: string;
  /** `{Name}` stands for one path segment, `{Name+}` for all that follow; both become members. */
  readonly path: string;
  readonly operation: string;
  /** @default path members, query members and the JSON body, merged */
  decode?(request: RestRequest): Members;
  /** @default 200 with JSON */
  encode?(output: Members): RestResponse;
}

interface CompiledRoute extends RestRoute {
  readonly pattern: RegExp;
}

/** The protocol restJson1: the operation is in method and path, members are in path, query and a JSON body. */
export function restJson(routes: readonly RestRoute[]): Codec {
  const compiled: readonly CompiledRoute[] = routes.map((route) => ({ ...route, pattern: pathPattern(route.path) }));
  return {
    async decode(request) {
      const url = new URL(request.url ?? '/', 'http://gateway');
      const body = await readBody(request);
      for (const route of compiled) {
        const match = route.method === request.method ? route.pattern.exec(url.pathname) : null;
        if (match === null) continue;
        const path = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
        const parts = { path, query: url.searchParams, headers: request.headers, body };
        const input = route.decode?.(parts) ?? { ...Object.fromEntries(url.searchParams), ...path, ...parseJsonObject(body) };
        return { operation: route.operation, input };
      }
      throw new AwsError('UnknownOperationException', `${request.method} ${url.pathname} is no operation that the local cloud serves`, 404);
    },
    encode(response, decoded, output) {
      const route = compiled.find(({ operation }) => operation === decoded.operation);
      const { status = 200, headers = { 'content-type': 'application/json' }, body = wireJson(output) } = route?.encode?.(output) ?? {};
      response.writeHead(status, headers);
      response.end(body);
    },
    encodeError(response, _decoded, error, requestId) {
      response.writeHead(error.status, {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      });
      response.end(wireJson({ __type: error.code, message: error.message, ...error.details }));
    },
  };
}

function pathPattern(path: string): RegExp {
  const source = path.split('/').map(segmentPattern).join('/');
  return new RegExp(`^${source}/?$`);
}

function segmentPattern(segment: string): string {
  const parameter = /^\{(\w+)(\+?)\}$/.exec(segment);
  if (parameter === null) return segment.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
  return parameter[2] === '+' ? `(?<${parameter[1]}>.+)` : `(?<${parameter[1]}>[^/]+)`;
}
