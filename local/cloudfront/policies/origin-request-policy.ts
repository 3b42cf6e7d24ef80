import { refuseUnknownProperties } from '../known-properties.ts';
import { ALL, namedValues, NONE, type NamedValues } from './named-values.ts';

/** What of a viewer's request goes to the origin beside what the cache policy names. */
export interface OriginRequestPolicy {
  readonly headers: NamedValues;
  readonly cookies: NamedValues;
  readonly queryStrings: NamedValues;
}

/** Used where a behaviour names no policy. */
export const FORWARD_NOTHING: OriginRequestPolicy = { headers: NONE, cookies: NONE, queryStrings: NONE };

const corsHeaders: NamedValues = { kind: 'these', names: ['origin', 'access-control-request-headers', 'access-control-request-method'] };

/** Policies that every account has, by id. */
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicy>> = {
  // AllViewer
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { headers: ALL, cookies: ALL, queryStrings: ALL },
  // AllViewerExceptHostHeader
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { headers: { kind: 'allBut', names: ['host'] }, cookies: ALL, queryStrings: ALL },
  // CORS-CustomOrigin
  '59781a5b-3903-41f3-afcb-af62929ccde1': { ...FORWARD_NOTHING, headers: { kind: 'these', names: ['origin'] } },
  // CORS-S3Origin
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': { ...FORWARD_NOTHING, headers: corsHeaders },
  // UserAgentRefererHeaders
  'acba4595-bd28-49b8-b9fe-13317c0390fa': { ...FORWARD_NOTHING, headers: { kind: 'these', names: ['user-agent', 'referer'] } },
};

/**
 * Reads the OriginRequestPolicyConfig of a template.
 * @throws Error naming what it does not know
 */
export function readOriginRequestPolicy(where: string, config: Readonly<Record<string, unknown>>): OriginRequestPolicy {
  refuseUnknownProperties(where, config, ['Name', 'Comment', 'HeadersConfig', 'CookiesConfig', 'QueryStringsConfig']);
  // oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
  const { HeadersConfig: headers, CookiesConfig: cookies, QueryStringsConfig: queryStrings } = config as Record<string, any>;
  return {
    headers: namedValues(where, headers?.HeaderBehavior ?? 'none', headers?.Headers),
    cookies: namedValues(where, cookies?.CookieBehavior ?? 'none', cookies?.Cookies),
    queryStrings: namedValues(where, queryStrings?.QueryStringBehavior ?? 'none', queryStrings?.QueryStrings),
  };
}
