import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';

/** What a journey saw of one run, fit to be published. */
export interface ParityRecord {
  readonly stage: string;
  /** `local` when the account is the local cloud's own. */
  readonly cloud: 'aws' | 'local';
  /** Day of the run's start, UTC. */
  readonly date: string;
  readonly status: string;
  /** States that were entered, by name, each once. */
  readonly states: readonly string[];
  /** The history with times as milliseconds since the run's start. */
  readonly events: readonly unknown[];
}

const LOCAL_ACCOUNT = '000000000000';

/** The record of a run: whose account it was, tokens and e-mail addresses are gone. */
export function parityRecord(
  stage: string,
  run: Pick<DescribeExecutionOutput, 'executionArn' | 'startDate' | 'status'>,
  events: readonly HistoryEvent[],
): ParityRecord {
  const began = run.startDate ?? events[0]?.timestamp ?? new Date(0);
  const account = run.executionArn?.split(':')[4] ?? '';
  const timed = events.map(({ timestamp = began, ...event }) => ({ afterMs: timestamp.getTime() - began.getTime(), ...event }));
  return {
    stage,
    cloud: account === LOCAL_ACCOUNT ? 'local' : 'aws',
    date: began.toISOString().slice(0, 10),
    status: run.status ?? 'UNKNOWN',
    states: [...new Set(events.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []))],
    events: timed.map((event) => scrubbed(event, account)),
  };
}

const SCRUBBED = 'scrubbed';
const secretName = /(?:token|secret|password|signature|credentials?|authorization)$/i;

/**
 * A copy without what names or opens an account: account numbers (in ARNs, names and addresses) become zeros, tokens, keys
 * and signatures the word "scrubbed", e-mail addresses `someone@example.com`. JSON inside strings is scrubbed by its names too.
 * @param account the account's own number, replaced also where letters touch it; empty when unknown
 */
export function scrubbed(value: unknown, account = ''): unknown {
  if (typeof value === 'string') return scrubbedText(value, account);
  if (Array.isArray(value)) return value.map((item) => scrubbed(item, account));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      scrubbedText(name, account),
      typeof member === 'string' && secretName.test(name) ? SCRUBBED : scrubbed(member, account),
    ]),
  );
}

function scrubbedText(text: string, account: string): string {
  const inner = parsed(text);
  if (inner !== undefined) return JSON.stringify(scrubbed(inner, account));
  const known = account === '' ? text : text.replaceAll(account, LOCAL_ACCOUNT);
  return (
    known
      // Twelve digits on their own; a fraction has a point before them.
      .replaceAll(/(?<![\dA-Za-z.])\d{12}(?![\dA-Za-z]|\.\d)/g, LOCAL_ACCOUNT)
      .replaceAll(/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16,}\b/g, SCRUBBED)
      // Task tokens, should one stand in plain text.
      .replaceAll(/\bA[AQ][A-Za-z0-9+/=]{98,}/g, SCRUBBED)
      .replaceAll(/(X-Amz-(?:Signature|Credential|Security-Token))=[^&"'\s]+/gi, `$1=${SCRUBBED}`)
      .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, 'someone@example.com')
  );
}

/** The object or array that a text holds as JSON. */
function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
