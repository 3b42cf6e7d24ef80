import { refuseUnknownProperties } from '../known-properties.ts';
import { ALL, namedValues, NONE, type NamedValues } from './named-values.ts';

/** How long answers are kept and what tells them apart. */
export interface CachePolicy {
  readonly minTtlSeconds: number;
  readonly defaultTtlSeconds: number;
  readonly maxTtlSeconds: number;
  readonly gzip: boolean;
  readonly brotli: boolean;
  readonly headers: NamedValues;
  readonly cookies: NamedValues;
  readonly queryStrings: NamedValues;
}

const base = { headers: NONE, cookies: NONE, queryStrings: NONE } as const;
const disabled: CachePolicy = { ...base, minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 0, gzip: false, brotli: false };
const optimised: CachePolicy = {
  ...base,
  minTtlSeconds: 1,
  defaultTtlSeconds: 86_400,
  maxTtlSeconds: 31_536_000,
  gzip: true,
  brotli: true,
};
const originControlled: CachePolicy = {
  minTtlSeconds: 0,
  defaultTtlSeconds: 0,
  maxTtlSeconds: 31_536_000,
  gzip: true,
  brotli: true,
  headers: {
    kind: 'these',
    names: ['host', 'origin', 'x-http-method-override', 'x-http-method', 'x-method-override'],
  },
  cookies: ALL,
  queryStrings: NONE,
};

/** Policies that every account has, by id (developer guide, "Use managed cache policies"). */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  // CachingOptimized
  '658327ea-f89d-4fab-a63d-7e88639e58f6': optimised,
  // CachingOptimizedForUncompressedObjects
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': { ...optimised, gzip: false, brotli: false },
  // CachingDisabled
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': disabled,
  // UseOriginCacheControlHeaders
  '83da9c7e-98b4-4e11-a168-04f0df8e2c65': originControlled,
  // UseOriginCacheControlHeaders-QueryStrings
  '4cc15a8a-d715-48a4-82b8-cc0b614638fe': { ...originControlled, queryStrings: ALL },
};

/**
 * Reads the CachePolicyConfig of a template.
 * @throws Error naming what it does not know
 */
export function readCachePolicy(where: string, config: Readonly<Record<string, unknown>>): CachePolicy {
  refuseUnknownProperties(where, config, ['Name', 'Comment', 'MinTTL', 'DefaultTTL', 'MaxTTL', 'ParametersInCacheKeyAndForwardedToOrigin']);
  // oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
  const parameters = (config['ParametersInCacheKeyAndForwardedToOrigin'] ?? {}) as Record<string, any>;
  const { HeadersConfig: headers = {}, CookiesConfig: cookies = {}, QueryStringsConfig: queryStrings = {} } = parameters;
  return {
    minTtlSeconds: Number(config['MinTTL'] ?? 0),
    defaultTtlSeconds: Number(config['DefaultTTL'] ?? 86_400),
    maxTtlSeconds: Number(config['MaxTTL'] ?? 31_536_000),
    gzip: isTrue(parameters['EnableAcceptEncodingGzip']),
    brotli: isTrue(parameters['EnableAcceptEncodingBrotli']),
    headers: namedValues(where, headers.HeaderBehavior ?? 'none', headers.Headers),
    cookies: namedValues(where, cookies.CookieBehavior ?? 'none', cookies.Cookies),
    queryStrings: namedValues(where, queryStrings.QueryStringBehavior ?? 'none', queryStrings.QueryStrings),
  };
}

/** How long an answer may be kept, in seconds; 0 is not at all. The origin's word counts within the policy's bounds. */
export function timeToLiveSeconds(
  policy: CachePolicy,
  cacheControl: string | undefined,
  expires: string | undefined,
  nowMs: number,
): number {
  const bounded = (seconds: number) =>
    Math.min(Math.max(seconds, policy.minTtlSeconds), Math.max(policy.maxTtlSeconds, policy.minTtlSeconds));
  if (cacheControl !== undefined && /\b(no-store|no-cache|private)\b/i.test(cacheControl)) return policy.minTtlSeconds;
  const age = maxAgeSeconds(cacheControl);
  if (age !== undefined) return bounded(age);
  const expiry = expires === undefined ? Number.NaN : Date.parse(expires);
  if (!Number.isNaN(expiry)) return bounded(Math.floor((expiry - nowMs) / 1000));
  return bounded(policy.defaultTtlSeconds);
}

/** Seconds of `s-maxage`, or else of `max-age`. */
export function maxAgeSeconds(cacheControl: string | undefined): number | undefined {
  const match = /\bs-maxage=(\d+)/i.exec(cacheControl ?? '') ?? /\bmax-age=(\d+)/i.exec(cacheControl ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
