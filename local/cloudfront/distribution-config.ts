import { refuseUnknownProperties } from './known-properties.ts';

/** A distribution as its template describes it, with the names of what it refers to. */
export interface DistributionConfig {
  readonly enabled: boolean;
  /** Without a slash; empty when there is none. */
  readonly defaultRootObject: string;
  readonly origins: readonly OriginConfig[];
  /** In the order of precedence; the last one is the default behaviour with the pattern `*`. */
  readonly behaviours: readonly BehaviourConfig[];
  readonly errorResponses: readonly ErrorResponseConfig[];
}

export interface OriginConfig {
  readonly id: string;
  readonly domainName: string;
  /** Begins with a slash, or is empty. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface BehaviourConfig {
  readonly pathPattern: string;
  readonly originId: string;
  readonly methods: readonly string[];
  readonly compress: boolean;
  readonly cachePolicyId: string;
  readonly originRequestPolicyId?: string;
  readonly responseHeadersPolicyId?: string;
  readonly viewerRequestFunctionArn?: string;
}

export interface ErrorResponseConfig {
  readonly status: number;
  readonly answerStatus?: number;
  readonly pagePath?: string;
  readonly minTtlSeconds?: number;
}

// What has no bearing on one machine: certificates, logs, geography, protocols.
const WITHOUT_EFFECT = [
  'Comment',
  'HttpVersion',
  'IPV6Enabled',
  'PriceClass',
  'ViewerCertificate',
  'Logging',
  'WebACLId',
  'Aliases',
  'Restrictions',
];

/**
 * Reads a template's DistributionConfig.
 * @throws Error naming what the local cloud does not know
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
export function readDistributionConfig(where: string, config: Readonly<Record<string, any>>): DistributionConfig {
  const known = ['Enabled', 'DefaultRootObject', 'Origins', 'DefaultCacheBehavior', 'CacheBehaviors', 'CustomErrorResponses'];
  refuseUnknownProperties(where, config, [...known, ...WITHOUT_EFFECT]);
  return {
    enabled: isTrue(config['Enabled']),
    defaultRootObject: String(config['DefaultRootObject'] ?? '').replace(/^\//, ''),
    origins: list(config['Origins']).map((origin) => readOrigin(where, origin)),
    behaviours: [...list(config['CacheBehaviors']), { ...config['DefaultCacheBehavior'], PathPattern: '*' }].map((behaviour) =>
      readBehaviour(`${where}, behaviour ${behaviour['PathPattern']}`, behaviour),
    ),
    errorResponses: list(config['CustomErrorResponses']).map((response) => ({
      status: Number(response['ErrorCode']),
      ...(response['ResponseCode'] === undefined ? {} : { answerStatus: Number(response['ResponseCode']) }),
      ...(response['ResponsePagePath'] === undefined ? {} : { pagePath: String(response['ResponsePagePath']) }),
      ...(response['ErrorCachingMinTTL'] === undefined ? {} : { minTtlSeconds: Number(response['ErrorCachingMinTTL']) }),
    })),
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
function readOrigin(where: string, origin: Record<string, any>): OriginConfig {
  const known = ['Id', 'DomainName', 'OriginPath', 'OriginCustomHeaders', 'S3OriginConfig', 'CustomOriginConfig', 'OriginAccessControlId'];
  refuseUnknownProperties(`${where}, origin ${origin['Id']}`, origin, [
    ...known,
    'ConnectionAttempts',
    'ConnectionTimeout',
    'OriginShield',
    'ResponseCompletionTimeout',
  ]);
  return {
    id: String(origin['Id']),
    domainName: String(origin['DomainName']),
    path: String(origin['OriginPath'] ?? ''),
    headers: Object.fromEntries(
      list(origin['OriginCustomHeaders']).map(({ HeaderName, HeaderValue }) => [String(HeaderName).toLowerCase(), String(HeaderValue)]),
    ),
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
function readBehaviour(where: string, behaviour: Record<string, any>): BehaviourConfig {
  const known = ['PathPattern', 'TargetOriginId', 'AllowedMethods', 'CachedMethods', 'Compress', 'CachePolicyId', 'OriginRequestPolicyId'];
  refuseUnknownProperties(where, behaviour, [
    ...known,
    'ResponseHeadersPolicyId',
    'FunctionAssociations',
    'ViewerProtocolPolicy',
    'GrpcConfig',
    'SmoothStreaming',
  ]);
  if (behaviour['CachePolicyId'] === undefined)
    throw new Error(`${where}: give a CachePolicyId; the older ForwardedValues are not known here`);
  const functions = list(behaviour['FunctionAssociations']);
  for (const { EventType } of functions) {
    if (EventType !== 'viewer-request')
      throw new Error(`${where}: the local cloud runs functions at viewer-request, not at ${String(EventType)}`);
  }
  return {
    pathPattern: String(behaviour['PathPattern']),
    originId: String(behaviour['TargetOriginId']),
    methods: behaviour['AllowedMethods'] ?? ['GET', 'HEAD'],
    compress: isTrue(behaviour['Compress']),
    cachePolicyId: String(behaviour['CachePolicyId']),
    ...(behaviour['OriginRequestPolicyId'] === undefined ? {} : { originRequestPolicyId: String(behaviour['OriginRequestPolicyId']) }),
    ...(behaviour['ResponseHeadersPolicyId'] === undefined
      ? {}
      : { responseHeadersPolicyId: String(behaviour['ResponseHeadersPolicyId']) }),
    ...(functions[0] === undefined ? {} : { viewerRequestFunctionArn: String(functions[0]['FunctionARN']) }),
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's list of objects; callers read each
function list(value: unknown): Record<string, any>[] {
  return Array.isArray(value) ? value : [];
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
