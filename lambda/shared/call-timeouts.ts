/**
 * Timeouts of one call to a service, in milliseconds. The SDK has none of its own: a connection that falls silent would
 * hold a function until its end, and a container for hours. A call that timed out is tried again as the client is told to.
 */
export const CALL_TIMEOUTS = {
  /** A connection inside a region is made within milliseconds. */
  connectionTimeout: 5000,
  /** Silence; the slowest of our answers begins within seconds. */
  socketTimeout: 30_000,
} as const;
