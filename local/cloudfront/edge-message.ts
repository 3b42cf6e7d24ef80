import type { Readable } from 'node:stream';

/** Header values by lower-case name; only `set-cookie` may repeat. */
export type EdgeHeaders = Record<string, string | readonly string[]>;

/** A request as a viewer sent it. Path and query stay as they came, percent-encoded. */
export interface EdgeRequest {
  readonly method: string;
  /** Begins with a slash, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Values by lower-case name, repeated ones joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly viewerIp: string;
}

/** What an origin answers, or what the edge sends: `body` is whole where it is small enough to be kept. */
export interface EdgeResponse {
  readonly status: number;
  readonly headers: EdgeHeaders;
  readonly body: Buffer | Readable;
}

/** Where a behaviour's requests go. */
export type Origin = (request: EdgeRequest) => Promise<EdgeResponse>;

/** The first value of a header, or undefined. */
export function headerOf(headers: Readonly<EdgeHeaders>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
