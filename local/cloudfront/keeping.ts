import type { ErrorResponseConfig } from './distribution-config.ts';
import { headerOf, type EdgeResponse } from './edge-message.ts';
import { maxAgeSeconds, timeToLiveSeconds, type CachePolicy } from './policies/cache-policy.ts';

// "Error caching minimum TTL" where the distribution does not set one (developer guide).
const DEFAULT_ERROR_SECONDS = 10;
const ERRORS_ALWAYS_KEPT = [404, 410, 414, 500, 501, 502, 503, 504];
const ERRORS_KEPT_ON_REQUEST = [400, 403, 405, 412, 415];
const ERRORS_OBEYING_NO_STORE = [404, 410, 414, 501];

/** Whether this is an error to CloudFront. */
export function isErrorStatus(status: number): boolean {
  return status >= 400;
}

/** How many seconds an answer to a GET may be kept; 0 is not at all. Parts of objects are never kept here. */
export function keepSeconds(
  { status, headers }: EdgeResponse,
  policy: CachePolicy,
  errorResponse: ErrorResponseConfig | undefined,
): number {
  const cacheControl = headerOf(headers, 'cache-control');
  if (isErrorStatus(status)) return keepErrorSeconds(status, cacheControl, policy, errorResponse);
  if (![200, 301, 302, 307, 308].includes(status) || headers['set-cookie'] !== undefined) return 0;
  return timeToLiveSeconds(policy, cacheControl, headerOf(headers, 'expires'), Date.now());
}

function keepErrorSeconds(
  status: number,
  cacheControl: string | undefined,
  policy: CachePolicy,
  errorResponse: ErrorResponseConfig | undefined,
): number {
  const age = maxAgeSeconds(cacheControl);
  const isKept =
    ERRORS_ALWAYS_KEPT.includes(status) || (ERRORS_KEPT_ON_REQUEST.includes(status) && (age !== undefined || errorResponse !== undefined));
  if (!isKept) return 0;
  if (ERRORS_OBEYING_NO_STORE.includes(status) && /\b(no-store|no-cache|private)\b/i.test(cacheControl ?? '')) return 0;
  return Math.max(errorResponse?.minTtlSeconds ?? DEFAULT_ERROR_SECONDS, Math.min(age ?? 0, policy.maxTtlSeconds));
}
