/** Names of SDK errors that say: too much at once. */
const THROTTLED_NAMES = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
]);

/** Names of SDK errors that say: not now. */
const BUSY_NAMES = new Set([
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ServiceQuotaExceededException',
  'SlowDown',
  'InternalServerException',
  'InternalServerErrorException',
  'InternalServerError',
  'InternalError',
  'InternalFailure',
  'ModelNotReadyException',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
]);

/** Error codes of sockets that broke, as Node names them. */
const SOCKET_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
]);

/**
 * Whether a failure of an AWS call may pass when tried again later: throttling, a 5xx answer, or a connection that broke.
 * Everything else, such as a refused argument or a missing right, would fail the same way again.
 */
export function isPassingFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (THROTTLED_NAMES.has(error.name) || BUSY_NAMES.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && SOCKET_CODES.has(error.code)) return true;
  const status = httpStatusOf(error);
  return status !== undefined && (status === 429 || status >= 500);
}

/** Whether a service refused a call because there were too many. */
export const isThrottling = (error: unknown): boolean =>
  error instanceof Error && (THROTTLED_NAMES.has(error.name) || httpStatusOf(error) === 429);

function httpStatusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
