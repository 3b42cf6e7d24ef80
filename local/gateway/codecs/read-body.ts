import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-error.ts';

// Payloads of JSON services end at a few MB (Lambda 6 MB, S3 Vectors 20 MiB); whatever is larger is a mistake or an attack.
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

const bodies = new WeakMap<IncomingMessage, Promise<Buffer>>();

/**
 * Reads a small request body whole; asked again for the same request, it gives the same bytes.
 * @throws AwsError RequestEntityTooLargeException past 32 MiB
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const known = bodies.get(request);
  if (known !== undefined) return known;
  const body = collect(request);
  bodies.set(request, body);
  return body;
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without destroyOnReturn a refused body would take the connection with it, and the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > LARGEST_BODY_BYTES) {
      throw new AwsError('RequestEntityTooLargeException', `the request body is larger than ${LARGEST_BODY_BYTES} bytes`, 413);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** JSON with dates as epoch seconds and bytes as base64, as AWS's JSON protocols write them. */
export function wireJson(value: unknown): string {
  return JSON.stringify(value, function replace(this: Record<string, unknown>, key: string, replaced: unknown) {
    // JSON.stringify calls Date's toJSON before this; the holder still has the date.
    const original = this[key];
    if (original instanceof Date) return original.getTime() / 1000;
    if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
    return replaced;
  });
}

/** Parses a JSON object; an empty body is an empty object. @throws AwsError SerializationException */
export function parseJsonObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the request body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('SerializationException', 'the request body is not a JSON object');
  }
  return parsed as Record<string, unknown>;
}
