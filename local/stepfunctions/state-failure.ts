/** Why a state failed, as Retry and Catch see it. */
export interface Failure {
  /** The name that they match. @default none: a Fail state need not give one */
  readonly error?: string;
  /** @default none: AWS gives no cause for a time-out or a Fail state without one */
  readonly cause?: string;
  /** A second name that Retry and Catch may use: a missed heartbeat is a States.Timeout to the history. */
  readonly alsoKnownAs?: string;
}

/** Where a query failed, for the event EvaluationFailed. */
export interface FailedQuery {
  /** The state's field: `Output/title`. */
  readonly location: string;
  /** The expression was fine, but its value could not be used: AWS then counts the failure as following the state's entry. */
  readonly afterEntry?: boolean;
}

/** Ends the evaluation of a state; the engine turns it into history events, retries and catches. */
export class StateFailedError extends Error {
  override readonly name = 'StateFailedError';
  readonly failure: Failure;
  readonly query: FailedQuery | undefined;

  constructor(failure: Failure, query?: FailedQuery) {
    super([failure.error, failure.cause].filter(Boolean).join(': '));
    this.failure = failure;
    this.query = query;
  }
}

// A state's input, result or output may have at most 256 KiB as UTF-8 (service quota).
const LARGEST_PAYLOAD_BYTES = 262_144;

/** Whether a payload is larger than a state may pass on. */
export function isTooLarge(payload: string): boolean {
  // Most payloads are far smaller: a character takes at most three bytes.
  return payload.length * 3 > LARGEST_PAYLOAD_BYTES && Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES;
}
