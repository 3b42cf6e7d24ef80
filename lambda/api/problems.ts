import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

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
  return new Response(documentOf({ status, title, message }, instance), { status, headers });
}

/** The answer to a request that went around CloudFront, and with it around the web ACL, the caches and their limits. */
export function refuseRequest({ rawPath, requestContext }: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const refusal = new Problem(403, 'Not through the site', "the API answers below /v1 of the site's own address only; ask there");
  const body = requestContext.http.method === 'HEAD' ? '' : documentOf(refusal, rawPath);
  return { statusCode: refusal.status, headers, body };
}

const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

const documentOf = ({ status, title, message }: Pick<Problem, 'status' | 'title' | 'message'>, instance: string): string =>
  JSON.stringify({ type: 'about:blank', title, status, detail: message, instance });
