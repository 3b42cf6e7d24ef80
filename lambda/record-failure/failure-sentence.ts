/** How a run ended badly, as Step Functions tells it. */
export interface RunFailure {
  readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'GONE';
  readonly error?: string | undefined;
  /** Text, or JSON of the function's error or of the job that failed. */
  readonly cause?: string | undefined;
}

/** A failure as the catalogue shows it. */
export interface NamedFailure {
  readonly error: string;
  /** One plain sentence. */
  readonly message: string;
}

/** Longest sentence that a row carries; causes may have 32,768 characters. */
const LONGEST_SENTENCE = 1000;

/** Where the services put their plain words: functions, MediaConvert, Transcribe, ECS tasks and their containers, in that order. */
const WORDS = ['errorMessage', 'ErrorMessage', 'FailureReason', 'StoppedReason', 'Reason'] as const;

/** The error's name and one sentence for the editor. */
export function namedFailure({ status, error, cause }: RunFailure): NamedFailure {
  const name =
    error ?? { FAILED: 'States.Runtime', TIMED_OUT: 'States.Timeout', ABORTED: 'Aborted', GONE: 'ExecutionDoesNotExist' }[status];
  return { error: name, message: sentence(wordsOf(cause) ?? standIn(status, name)) };
}

function standIn(status: RunFailure['status'], error: string): string {
  if (status === 'ABORTED') return 'the run was stopped by an operator';
  if (status === 'GONE') return 'the run ended and Step Functions no longer keeps its record; upload the recording again';
  if (status === 'TIMED_OUT' || error === 'States.Timeout') return 'a step did not finish within its time; redrive the run';
  return `the run failed with ${error} and no further word; look at it in the Step Functions console`;
}

function wordsOf(cause: string | undefined): string | undefined {
  if (cause === undefined || cause.trim() === '') return undefined;
  return cause.trimStart().startsWith('{') ? (wordsIn(parse(cause)) ?? cause) : cause;
}

function wordsIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  for (const name of WORDS) {
    const words = members.get(name);
    // ECS says only this when the container ended by itself; what the container said is better.
    if (typeof words === 'string' && words.trim() !== '' && words !== 'Essential container in task exited') return words;
  }
  const inner = wordsIn(members.get('Job')) ?? wordsIn(members.get('TranscriptionJob')) ?? containerWords(members.get('Containers'));
  return inner ?? (typeof members.get('StoppedReason') === 'string' ? String(members.get('StoppedReason')) : undefined);
}

function containerWords(containers: unknown): string | undefined {
  if (!Array.isArray(containers)) return undefined;
  for (const container of containers) {
    const words = wordsIn(container);
    if (words !== undefined) return words;
    if (typeof container !== 'object' || container === null || !('ExitCode' in container) || container.ExitCode === 0) continue;
    return `the task's container ended with exit code ${String(container.ExitCode)}; its log says why`;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Step Functions cuts long causes, so JSON may break off: the text itself is then the best there is.
    return undefined;
  }
}

function sentence(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  const short = line.length > LONGEST_SENTENCE ? `${line.slice(0, LONGEST_SENTENCE - 1)}…` : line;
  const started = short.charAt(0).toUpperCase() + short.slice(1);
  return /[.!?…]$/.test(started) ? started : `${started}.`;
}
