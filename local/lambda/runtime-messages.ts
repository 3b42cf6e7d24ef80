/** What the local cloud sends to a function's process. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON. */
  readonly payload: string;
  /** When the function is stopped, epoch milliseconds. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceHeader: string;
}

/** A function's failure as Lambda answers it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a function's process sends back. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly payload: string; readonly maxMemoryMb: number }
  /** `fatal` tells that the process ends itself. */
  | { readonly kind: 'error'; readonly error: FunctionError; readonly fatal: boolean; readonly maxMemoryMb: number };

/** Begins the line on standard output that tells the local cloud that all output of an invocation has come. */
export const END_OF_OUTPUT = '\u0000end of output of ';
