import { randomUUID } from 'node:crypto';
import type { EdgeCache } from './cache.ts';
import { chooseEncoding, compress, isCompressible, LARGEST_COMPRESSED_BYTES, type Encoding } from './compression.ts';
import type { BehaviourConfig, ErrorResponseConfig } from './distribution-config.ts';
import type { EdgeFunction } from './edge-function.ts';
import { headerOf, type EdgeHeaders, type EdgeRequest, type EdgeResponse, type Origin } from './edge-message.ts';
import { isErrorStatus, keepSeconds } from './keeping.ts';
import type { CachePolicy } from './policies/cache-policy.ts';
import type { OriginRequestPolicy } from './policies/origin-request-policy.ts';
import { withPolicyHeaders, type ResponseHeadersPolicy } from './policies/response-headers-policy.ts';
import { cacheKey, originRequest } from './origin-request.ts';
import { readWhole } from './read-whole.ts';
import { answerConditions } from './conditions.ts';

// Larger objects are passed through without being kept: a whole recording must not fill the memory.
const LARGEST_KEPT_BYTES = 1_000_000;

/** A behaviour with everything it names at hand. */
export interface Behaviour {
  readonly config: BehaviourConfig;
  readonly matches: (path: string) => boolean;
  readonly origin: Origin;
  readonly originHeaders: Readonly<Record<string, string>>;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy: OriginRequestPolicy;
  readonly responseHeadersPolicy?: ResponseHeadersPolicy;
  readonly viewerRequest?: EdgeFunction;
}

export interface DistributionParts {
  readonly id: string;
  readonly domainName: string;
  readonly defaultRootObject: string;
  /** In order of precedence; the last one matches everything. */
  readonly behaviours: readonly Behaviour[];
  readonly errorResponses: readonly ErrorResponseConfig[];
  readonly cache: EdgeCache;
}

interface Served {
  readonly response: EdgeResponse;
  readonly from: 'Hit' | 'Miss' | 'Error' | 'FunctionGeneratedResponse';
  readonly ageSeconds?: number;
}

/** Answers viewers as one CloudFront distribution does. */
export class Distribution {
  readonly #parts: DistributionParts;

  constructor(parts: DistributionParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.id;
  }

  /** @throws whatever an origin throws beside its own error answers */
  async handle(viewerRequest: EdgeRequest): Promise<EdgeResponse> {
    const behaviour = this.#behaviourFor(viewerRequest.path);
    const requestId = randomUUID();
    const served = await this.#serve(viewerRequest, behaviour, requestId);
    const { response } = await this.#customised(served, viewerRequest, requestId);
    const headers = behaviour.responseHeadersPolicy
      ? withPolicyHeaders(behaviour.responseHeadersPolicy, response.headers, viewerRequest.headers['origin'])
      : response.headers;
    const from = isErrorStatus(response.status) ? 'Error' : served.from;
    return answerConditions(viewerRequest, {
      ...response,
      headers: {
        ...headers,
        ...(served.ageSeconds === undefined ? {} : { age: String(served.ageSeconds) }),
        'x-cache': `${from} from cloudfront`,
        via: `1.1 ${this.#parts.domainName} (CloudFront)`,
        'x-amz-cf-id': requestId,
      },
    });
  }

  #behaviourFor(path: string): Behaviour {
    const behaviour = this.#parts.behaviours.find(({ matches }) => matches(path));
    if (behaviour === undefined) throw new Error(`no behaviour matches ${path}`);
    return behaviour;
  }

  async #serve(viewerRequest: EdgeRequest, behaviour: Behaviour, requestId: string): Promise<Served> {
    if (!behaviour.config.methods.includes(viewerRequest.method)) return { response: methodRefused(), from: 'Error' };
    let request = viewerRequest;
    if (behaviour.viewerRequest !== undefined) {
      const { id: distributionId, domainName: distributionDomainName } = this.#parts;
      const result = await behaviour.viewerRequest(request, { distributionId, distributionDomainName, requestId });
      if ('status' in result) return { response: result, from: 'FunctionGeneratedResponse' };
      request = result;
    }
    if (request.path === '/') request = { ...request, path: `/${this.#parts.defaultRootObject}` };
    return this.#cached(request, behaviour);
  }

  async #cached(request: EdgeRequest, behaviour: Behaviour): Promise<Served> {
    const encoding = chooseEncoding(behaviour.cachePolicy, request.headers);
    const key = cacheKey(request, behaviour, encoding);
    const mayBeKept = request.method === 'GET' || request.method === 'HEAD';
    const now = Date.now();
    const kept = mayBeKept ? this.#parts.cache.get(key, now) : undefined;
    if (kept !== undefined) return { response: kept, from: 'Hit', ageSeconds: Math.floor((now - kept.keptAt) / 1000) };

    const answer = await behaviour.origin(originRequest(request, behaviour, encoding));
    const seconds = request.method === 'GET' ? this.#keepSeconds(answer, behaviour) : 0;
    const response = await prepared(answer, behaviour, request.method === 'GET' ? encoding : 'identity', seconds > 0);
    if (seconds > 0 && Buffer.isBuffer(response.body)) {
      const keptAt = Date.now();
      this.#parts.cache.set(key, { ...response, body: response.body, keptAt, freshUntil: keptAt + seconds * 1000 });
    }
    return { response, from: 'Miss' };
  }

  #keepSeconds(answer: EdgeResponse, behaviour: Behaviour): number {
    const errorResponse = this.#parts.errorResponses.find(({ status }) => status === answer.status);
    return keepSeconds(answer, behaviour.cachePolicy, errorResponse);
  }

  async #customised(served: Served, request: EdgeRequest, requestId: string): Promise<Served> {
    const custom = this.#parts.errorResponses.find(({ status }) => status === served.response.status);
    if (custom?.pagePath === undefined || served.from === 'FunctionGeneratedResponse') return served;
    if (!Buffer.isBuffer(served.response.body)) served.response.body.destroy();
    const page = { ...request, method: request.method === 'HEAD' ? 'HEAD' : 'GET', path: custom.pagePath, query: '' };
    const answer = await this.#serve(page, this.#behaviourFor(custom.pagePath), requestId);
    return { ...answer, response: { ...answer.response, status: custom.answerStatus ?? custom.status } };
  }
}

async function prepared(answer: EdgeResponse, behaviour: Behaviour, encoding: Encoding, isKept: boolean): Promise<EdgeResponse> {
  const sizeBytes = Buffer.isBuffer(answer.body)
    ? answer.body.byteLength
    : Number(headerOf(answer.headers, 'content-length') ?? Number.NaN);
  const mayCompress = behaviour.config.compress && encoding !== 'identity' && isCompressible(answer.status, answer.headers, sizeBytes);
  if (!Number.isFinite(sizeBytes) || sizeBytes > (mayCompress ? LARGEST_COMPRESSED_BYTES : LARGEST_KEPT_BYTES)) return answer;
  if (!mayCompress && !isKept) return answer;
  const body = Buffer.isBuffer(answer.body) ? answer.body : await readWhole(answer.body);
  return mayCompress ? { status: answer.status, ...(await compress(body, answer.headers, encoding)) } : { ...answer, body };
}

function methodRefused(): EdgeResponse {
  const body = Buffer.from(
    '<!doctype html><title>403</title><p>This distribution is not configured to allow the HTTP request method that was used for this request.',
  );
  const headers: EdgeHeaders = { 'content-type': 'text/html', 'content-length': String(body.byteLength), server: 'CloudFront' };
  return { status: 403, headers, body };
}
