import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Buckets } from '../buckets.ts';
import { addressOf } from './route.ts';
import { xmlError } from './xml.ts';

/** A rule of a bucket's CorsConfiguration, as CloudFormation names its members. */
export interface CorsRule {
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  /** Seconds. */
  readonly MaxAge?: number | string;
}

/** Answers browsers that ask whether a page may call a bucket. */
export class Cors {
  readonly #buckets: Buckets;

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
  }

  /** Answers a preflight request for one of the buckets, which comes unsigned; false when it is for somebody else. */
  preflight(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin, 'access-control-request-method': method } = request.headers;
    const rules = this.#rulesFor(request);
    if (origin === undefined || method === undefined || rules === undefined) return false;
    const headers = (request.headers['access-control-request-headers'] ?? '')
      .split(',')
      .map((header) => header.trim())
      .filter((header) => header !== '');
    const rule = rules.find(
      (one) => allows(one, origin, method) && headers.every((header) => matchesAny(one.AllowedHeaders ?? [], header, 'i')),
    );
    if (rule === undefined) {
      const message =
        'CORSResponse: This CORS request is not allowed. The bucket has no CorsConfiguration rule for this origin, method and headers.';
      response
        .writeHead(403, { 'content-type': 'application/xml' })
        .end(xmlError({ Code: 'AccessForbidden', Message: message, Method: method }));
      return true;
    }
    writeHeaders(response, rule, origin);
    if (headers.length > 0) response.setHeader('access-control-allow-headers', headers.join(', '));
    if (rule.MaxAge !== undefined) response.setHeader('access-control-max-age', String(rule.MaxAge));
    response.writeHead(200).end();
    return true;
  }

  /** Adds to an answer what its page needs to read it. */
  addHeaders(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    if (origin === undefined) return;
    const rule = this.#rulesFor(request)?.find((one) => allows(one, origin, request.method ?? 'GET'));
    if (rule !== undefined) writeHeaders(response, rule, origin);
  }

  #rulesFor(request: IncomingMessage): readonly CorsRule[] | undefined {
    try {
      const { bucket } = addressOf(request);
      return bucket === undefined ? undefined : this.#buckets.find(bucket)?.corsRules;
    } catch {
      return undefined;
    }
  }
}

function writeHeaders(response: ServerResponse, rule: CorsRule, origin: string): void {
  const anyone = rule.AllowedOrigins.includes('*');
  response.setHeader('access-control-allow-origin', anyone ? '*' : origin);
  if (!anyone) response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-methods', rule.AllowedMethods.join(', '));
  if (rule.ExposedHeaders !== undefined) response.setHeader('access-control-expose-headers', rule.ExposedHeaders.join(', '));
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method');
}

function allows(rule: CorsRule, origin: string, method: string): boolean {
  return rule.AllowedMethods.includes(method) && matchesAny(rule.AllowedOrigins, origin, '');
}

// A pattern holds at most one `*`, which stands for any text.
function matchesAny(patterns: readonly string[], value: string, flags: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return new RegExp(`^${source}$`, flags).test(value);
  });
}
