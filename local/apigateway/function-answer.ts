import type { HttpApiResponse } from './http-apis.ts';

/** An answer with API Gateway's own message. */
export function gatewayMessage(status: number, message: string): HttpApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(JSON.stringify({ message })) };
}

/**
 * What a function's result of payload format 2.0 means: with a `statusCode` a whole answer, without one the result itself as JSON.
 * A result that says neither is the function's fault: 500.
 */
export function functionAnswer(payload: string): HttpApiResponse {
  let result: unknown;
  try {
    result = JSON.parse(payload);
  } catch {
    return gatewayMessage(500, 'Internal Server Error');
  }
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string' || !Array.isArray(cookies)) {
    return gatewayMessage(500, 'Internal Server Error');
  }
  const sent = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return {
    status,
    headers: { ...(body === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' }), ...sent },
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
