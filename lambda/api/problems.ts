/** An error as RFC 9457 describes it. `title` is the same for all errors of a kind, `detail` says what to do about this one. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** The answer for a problem. Never cached: what is missing now may be published in a minute. */
export function problemResponse({ status, title, message }: Problem, instance: string): Response {
  const body = { type: 'about:blank', title, status, detail: message, instance };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}
