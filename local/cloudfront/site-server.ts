import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../gateway/aws-error.ts';
import { readBody } from '../gateway/codecs/read-body.ts';
import { listenOnLoopback } from '../gateway/listen.ts';
import type { EdgeRequest, EdgeResponse } from './edge-message.ts';

/** Answers HTTP on one loopback port with `handle`; an error becomes CloudFront's 502. */
export class SiteServer {
  readonly #server: Server;
  readonly #port: number;

  constructor(
    port: number,
    handle: (request: EdgeRequest) => Promise<EdgeResponse>,
    warn: (message: string, fields: Record<string, unknown>) => void,
  ) {
    this.#port = port;
    this.#server = createServer((request, response) => {
      answer(request, response, handle).catch((error: unknown) => {
        warn('the site could not answer a request', { path: request.url, error: String(error) });
        if (response.headersSent) response.destroy();
        else if (error instanceof AwsError && error.status === 413)
          response.writeHead(413, { connection: 'close' }).end(`413: ${error.message}\n`);
        else response.writeHead(502, { 'content-type': 'text/plain' }).end('502: the origin could not be reached\n');
      });
    });
  }

  /**
   * Where the site is: with port 0, the one that was given.
   * @throws Error before the server listens
   */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the site is not being served yet');
    return `http://127.0.0.1:${address.port}`;
  }

  /** @throws Error when the port is taken or not allowed */
  async listen(): Promise<void> {
    // Loopback only: nothing here asks viewers who they are.
    await listenOnLoopback(this.#server, this.#port, 'PULPIT_SITE_PORT');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: EdgeRequest) => Promise<EdgeResponse>,
): Promise<void> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])),
  );
  const answered = await handle({
    method: request.method ?? 'GET',
    path,
    query: query.join('?'),
    headers,
    body: await readBody(request),
    viewerIp: request.socket.remoteAddress ?? '127.0.0.1',
  });
  const sent = Object.fromEntries(
    Object.entries(answered.headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
  response.writeHead(answered.status, sent);
  if (Buffer.isBuffer(answered.body)) response.end(answered.body);
  else await sendStream(answered.body, response);
}

async function sendStream(body: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  try {
    await pipeline(body, response);
  } catch (error) {
    // A player that seeks drops the answer it no longer wants.
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
