import type { EdgeHeaders } from '../edge-message.ts';
import { refuseUnknownProperties } from '../known-properties.ts';

/** Headers that CloudFront adds to what the origin answered. */
export interface ResponseHeadersPolicy {
  readonly headers: readonly AddedHeader[];
  readonly cors?: CorsHeaders;
  /** Lower-case names. */
  readonly removed: readonly string[];
}

export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  /** Whether it replaces a header of the origin. */
  readonly override: boolean;
}

export interface CorsHeaders {
  readonly origins: readonly string[];
  readonly headers: readonly AddedHeader[];
  readonly override: boolean;
}

const added = (name: string, value: string, override = false): AddedHeader => ({ name: name.toLowerCase(), value, override });

const security: readonly AddedHeader[] = [
  added('strict-transport-security', 'max-age=31536000'),
  added('x-content-type-options', 'nosniff', true),
  added('x-frame-options', 'SAMEORIGIN'),
  added('x-xss-protection', '1; mode=block'),
  added('referrer-policy', 'strict-origin-when-cross-origin'),
];
const simpleCors: CorsHeaders = { origins: ['*'], headers: [], override: false };
const preflightCors: CorsHeaders = {
  origins: ['*'],
  headers: [
    added('access-control-allow-methods', 'GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS'),
    added('access-control-expose-headers', '*'),
  ],
  override: false,
};

/** Policies that every account has, by id. */
export const MANAGED_RESPONSE_HEADERS_POLICIES: Readonly<Record<string, ResponseHeadersPolicy>> = {
  // SimpleCORS
  '60669652-455b-4ae9-85a4-c4c02393f86c': { headers: [], cors: simpleCors, removed: [] },
  // CORS-With-Preflight
  '5cc3b908-e619-4b99-88e5-2cf7f45965bd': { headers: [], cors: preflightCors, removed: [] },
  // SecurityHeadersPolicy
  '67f7725c-6f97-4210-82d7-5512b31e9d03': { headers: security, removed: [] },
  // CORS-and-SecurityHeadersPolicy
  'e61eb60c-9c35-4d20-a928-2b84e02af89c': { headers: security, cors: simpleCors, removed: [] },
  // CORS-with-preflight-and-SecurityHeadersPolicy
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63': { headers: security, cors: preflightCors, removed: [] },
};

/**
 * Reads the ResponseHeadersPolicyConfig of a template.
 * @throws Error naming what it does not know
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
export function readResponseHeadersPolicy(where: string, config: Readonly<Record<string, any>>): ResponseHeadersPolicy {
  refuseUnknownProperties(where, config, [
    'Name',
    'Comment',
    'CorsConfig',
    'SecurityHeadersConfig',
    'CustomHeadersConfig',
    'RemoveHeadersConfig',
    'ServerTimingHeadersConfig',
  ]);
  const custom: readonly { Header: string; Value: string; Override: unknown }[] = config['CustomHeadersConfig']?.Items ?? [];
  const removed: readonly { Header: string }[] = config['RemoveHeadersConfig']?.Items ?? [];
  return {
    headers: [
      ...securityHeaders(where, config['SecurityHeadersConfig'] ?? {}),
      ...custom.map(({ Header, Value, Override }) => added(Header, Value, isTrue(Override))),
    ],
    ...(config['CorsConfig'] === undefined ? {} : { cors: corsHeaders(config['CorsConfig']) }),
    removed: removed.map(({ Header }) => Header.toLowerCase()),
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
function securityHeaders(where: string, config: Record<string, any>): AddedHeader[] {
  const known = [
    'ContentSecurityPolicy',
    'ContentTypeOptions',
    'FrameOptions',
    'ReferrerPolicy',
    'StrictTransportSecurity',
    'XSSProtection',
  ];
  refuseUnknownProperties(`${where}, SecurityHeadersConfig`, config, known);
  const headers: AddedHeader[] = [];
  const { ContentSecurityPolicy: csp, ContentTypeOptions: type, FrameOptions: frame, ReferrerPolicy: referrer } = config;
  const { StrictTransportSecurity: transport, XSSProtection: xss } = config;
  if (csp) headers.push(added('content-security-policy', csp.ContentSecurityPolicy, isTrue(csp.Override)));
  if (type) headers.push(added('x-content-type-options', 'nosniff', isTrue(type.Override)));
  if (frame) headers.push(added('x-frame-options', frame.FrameOption, isTrue(frame.Override)));
  if (referrer) headers.push(added('referrer-policy', referrer.ReferrerPolicy, isTrue(referrer.Override)));
  if (transport) {
    const value = [`max-age=${transport.AccessControlMaxAgeSec}`];
    if (isTrue(transport.IncludeSubdomains)) value.push('includeSubDomains');
    if (isTrue(transport.Preload)) value.push('preload');
    headers.push(added('strict-transport-security', value.join('; '), isTrue(transport.Override)));
  }
  if (xss)
    headers.push(
      added('x-xss-protection', isTrue(xss.Protection) ? `1${isTrue(xss.ModeBlock) ? '; mode=block' : ''}` : '0', isTrue(xss.Override)),
    );
  return headers;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template's properties; each is read below
function corsHeaders(config: Record<string, any>): CorsHeaders {
  const headers: AddedHeader[] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') headers.push(added(name, value));
  };
  const methods = list(config['AccessControlAllowMethods']);
  add('access-control-allow-methods', methods === 'ALL' ? 'GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT' : methods);
  add('access-control-allow-headers', list(config['AccessControlAllowHeaders']));
  add('access-control-expose-headers', list(config['AccessControlExposeHeaders']));
  if (isTrue(config['AccessControlAllowCredentials'])) add('access-control-allow-credentials', 'true');
  if (config['AccessControlMaxAgeSec'] !== undefined) add('access-control-max-age', String(config['AccessControlMaxAgeSec']));
  return { origins: config['AccessControlAllowOrigins']?.Items ?? [], headers, override: isTrue(config['OriginOverride']) };
}

/** An answer's headers with the policy applied. CORS headers go only to requests that carry an Origin. */
export function withPolicyHeaders(policy: ResponseHeadersPolicy, headers: EdgeHeaders, viewerOrigin: string | undefined): EdgeHeaders {
  const result: EdgeHeaders = { ...headers };
  for (const name of policy.removed) delete result[name];
  const set = ({ name, value, override }: AddedHeader) => {
    if (override || result[name] === undefined) result[name] = value;
  };
  for (const header of policy.headers) set(header);
  const { cors } = policy;
  if (cors === undefined || viewerOrigin === undefined) return result;
  const allowed = cors.origins.includes('*') ? '*' : cors.origins.find((origin) => matchesOrigin(origin, viewerOrigin)) && viewerOrigin;
  if (allowed === undefined) return result;
  for (const header of [added('access-control-allow-origin', allowed), ...cors.headers]) set({ ...header, override: cors.override });
  if (allowed !== '*') result['vary'] = [headers['vary'], 'Origin'].flat().filter(Boolean).join(', ');
  return result;
}

function list(value: { Items?: readonly string[] } | undefined): string | undefined {
  return value?.Items?.join(', ');
}

function matchesOrigin(pattern: string, origin: string): boolean {
  const [before = '', after] = pattern.split('*', 2);
  return after === undefined ? pattern === origin : origin.startsWith(before) && origin.endsWith(after);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
