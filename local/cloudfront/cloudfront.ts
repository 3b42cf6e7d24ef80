import { createHash } from 'node:crypto';
import type { HttpApis } from '../apigateway/http-apis.ts';
import type { DeployedResource, ResourceProvider, ResourceRequest } from '../assembly/resource-provider.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { EdgeCache } from './cache.ts';
import { readDistributionConfig, type BehaviourConfig, type DistributionConfig, type OriginConfig } from './distribution-config.ts';
import { Distribution, type Behaviour } from './distribution.ts';
import { loadEdgeFunction, type EdgeFunction } from './edge-function.ts';
import type { Origin } from './edge-message.ts';
import { refuseUnknownProperties } from './known-properties.ts';
import { httpApiOrigin } from './origins/http-api-origin.ts';
import { s3Origin } from './origins/s3-origin.ts';
import { pathPattern } from './path-pattern.ts';
import { MANAGED_CACHE_POLICIES, readCachePolicy, type CachePolicy } from './policies/cache-policy.ts';
import {
  FORWARD_NOTHING,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  readOriginRequestPolicy,
  type OriginRequestPolicy,
} from './policies/origin-request-policy.ts';
import {
  MANAGED_RESPONSE_HEADERS_POLICIES,
  readResponseHeadersPolicy,
  type ResponseHeadersPolicy,
} from './policies/response-headers-policy.ts';
import { SiteServer } from './site-server.ts';

// Enough for a site and some minutes of several sermons.
const CACHE_BYTES = 32_000_000;

export interface CloudFrontOptions {
  /** Port of the site on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** HTTP APIs that distributions may have as origins. */
  readonly httpApis: HttpApis;
  /** Hears of every answer that a viewer gets. @default nobody does */
  readonly onAnswer?: (distributionId: string, status: number) => void;
}

/** CloudFront: one distribution, served on the site's port. */
export interface CloudFront extends CloudPart {
  /** Where the site is; only after `start`. */
  readonly siteUrl: string;
}

/** Makes CloudFront for a cloud. A second distribution is refused, because there is one site port. */
export function createCloudFront(cloud: Cloud, { port, httpApis, onAnswer }: CloudFrontOptions): CloudFront {
  const edge = new Edge(cloud, httpApis);
  const server = new SiteServer(
    port,
    async (request) => {
      const response = await edge.distribution.handle(request);
      onAnswer?.(edge.distribution.id, response.status);
      return response;
    },
    (message, fields) => cloud.warn(message, fields),
  );
  return {
    resources: {
      'AWS::CloudFront::Distribution': (request) => edge.deployDistribution(request),
      'AWS::CloudFront::CachePolicy': policyProvider('CachePolicyConfig', (id, where, config) =>
        edge.cachePolicies.set(id, readCachePolicy(where, config)),
      ),
      'AWS::CloudFront::OriginRequestPolicy': policyProvider('OriginRequestPolicyConfig', (id, where, config) =>
        edge.originRequestPolicies.set(id, readOriginRequestPolicy(where, config)),
      ),
      'AWS::CloudFront::ResponseHeadersPolicy': policyProvider('ResponseHeadersPolicyConfig', (id, where, config) =>
        edge.responseHeadersPolicies.set(id, readResponseHeadersPolicy(where, config)),
      ),
      'AWS::CloudFront::Function': (request) => edge.deployFunction(request),
      // Reading as the CloudFront service is what the local origins always do.
      'AWS::CloudFront::OriginAccessControl': policyProvider('OriginAccessControlConfig', () => undefined),
    },
    get siteUrl() {
      return server.url;
    },
    start: () => server.listen(),
    stop: () => server.close(),
  };
}

/** What the template's CloudFront resources amount to. */
class Edge {
  readonly cachePolicies = new Map<string, CachePolicy>(Object.entries(MANAGED_CACHE_POLICIES));
  readonly originRequestPolicies = new Map<string, OriginRequestPolicy>(Object.entries(MANAGED_ORIGIN_REQUEST_POLICIES));
  readonly responseHeadersPolicies = new Map<string, ResponseHeadersPolicy>(Object.entries(MANAGED_RESPONSE_HEADERS_POLICIES));
  readonly #functions = new Map<string, EdgeFunction>();
  readonly #cloud: Cloud;
  readonly #httpApis: HttpApis;
  #deployed: { readonly name: string; readonly distribution: Distribution } | undefined;

  constructor(cloud: Cloud, httpApis: HttpApis) {
    this.#cloud = cloud;
    this.#httpApis = httpApis;
  }

  get distribution(): Distribution {
    if (this.#deployed === undefined) throw new Error('the assembly has no AWS::CloudFront::Distribution, so there is no site to serve');
    return this.#deployed.distribution;
  }

  deployFunction({ logicalId, physicalName, properties }: ResourceRequest): DeployedResource {
    refuseUnknownProperties(`CloudFront function ${logicalId}`, properties, [
      'Name',
      'AutoPublish',
      'FunctionCode',
      'FunctionConfig',
      'Tags',
    ]);
    const arn = `arn:aws:cloudfront::${this.#cloud.accountId}:function/${properties['Name'] ?? physicalName}`;
    this.#functions.set(arn, loadEdgeFunction(logicalId, String(properties['FunctionCode'])));
    return { ref: arn, attributes: { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' } };
  }

  deployDistribution({ logicalId, physicalName, properties }: ResourceRequest): DeployedResource {
    if (this.#deployed !== undefined && this.#deployed.name !== physicalName) {
      throw new Error(`distribution ${logicalId}: the local cloud serves one distribution on its site port, and there is one already`);
    }
    refuseUnknownProperties(`distribution ${logicalId}`, properties, ['DistributionConfig', 'Tags']);
    const config = readDistributionConfig(`distribution ${logicalId}`, properties['DistributionConfig']);
    const id = `E${digest(physicalName).toUpperCase()}`;
    const domainName = `d${digest(physicalName)}.cloudfront.net`;
    const distribution = new Distribution({
      id,
      domainName,
      defaultRootObject: config.defaultRootObject,
      behaviours: config.behaviours.map((behaviour) => this.#behaviour(logicalId, behaviour, config)),
      errorResponses: config.errorResponses,
      cache: new EdgeCache(CACHE_BYTES),
    });
    this.#deployed = { name: physicalName, distribution };
    return { ref: id, attributes: { Id: id, DomainName: domainName } };
  }

  #behaviour(logicalId: string, config: BehaviourConfig, { origins }: DistributionConfig): Behaviour {
    const where = `distribution ${logicalId}, behaviour ${config.pathPattern}`;
    const origin = origins.find(({ id }) => id === config.originId);
    if (origin === undefined) throw new Error(`${where}: there is no origin ${config.originId}`);
    const { originRequestPolicyId, responseHeadersPolicyId, viewerRequestFunctionArn } = config;
    return {
      config,
      matches: pathPattern(config.pathPattern),
      origin: this.#origin(where, origin),
      originHeaders: origin.headers,
      cachePolicy: known(where, 'cache policy', this.cachePolicies, config.cachePolicyId),
      originRequestPolicy:
        originRequestPolicyId === undefined
          ? FORWARD_NOTHING
          : known(where, 'origin request policy', this.originRequestPolicies, originRequestPolicyId),
      ...(responseHeadersPolicyId === undefined
        ? {}
        : { responseHeadersPolicy: known(where, 'response headers policy', this.responseHeadersPolicies, responseHeadersPolicyId) }),
      ...(viewerRequestFunctionArn === undefined
        ? {}
        : { viewerRequest: known(where, 'function', this.#functions, viewerRequestFunctionArn) }),
    };
  }

  #origin(where: string, { domainName, path }: OriginConfig): Origin {
    const bucket = /^(?<bucket>.+)\.s3(\.[a-z0-9-]+)?\.amazonaws\.com$/.exec(domainName)?.groups?.['bucket'];
    if (bucket !== undefined) return s3Origin(this.#cloud, bucket, path);
    if (/\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.test(domainName)) return httpApiOrigin(this.#httpApis, domainName, path);
    throw new Error(`${where}: the local cloud knows buckets and HTTP APIs as origins, not ${domainName}`);
  }
}

function policyProvider(member: string, keep: (id: string, where: string, config: Record<string, unknown>) => void): ResourceProvider {
  return ({ type, logicalId, physicalName, properties }) => {
    refuseUnknownProperties(`${type} ${logicalId}`, properties, [member]);
    const id = policyId(physicalName);
    keep(id, `${type} ${logicalId}`, properties[member] ?? {});
    return { ref: id, attributes: { Id: id, LastModifiedTime: new Date(0).toISOString() } };
  };
}

function known<T>(where: string, kind: string, all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id);
  if (found === undefined) throw new Error(`${where}: the local cloud does not know the ${kind} ${id}`);
  return found;
}

/** A name's digest in the letters of CloudFront's ids. */
function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 13);
}

function policyId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
