import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An error as a service's JSON protocol writes it. */
export class ServiceError extends Error {
  readonly code: string;

  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

/** An AWS service that speaks JSON, of which a test plays the few operations it needs; the SDK's real client calls it. */
export interface JsonService {
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
}

/** Starts one on a free port. An operation's name is what follows the dot in X-Amz-Target, or the last part of the path. An operation may answer later, or never. */
export async function startJsonService(operations: Record<string, (input: Record<string, unknown>) => unknown>): Promise<JsonService> {
  const server: Server = createServer((request, response) => {
    const reply = (status: number, answer: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer ?? {}));
    };
    void (async () => {
      const operation =
        String(request.headers['x-amz-target'] ?? request.url)
          .split(/[./]/)
          .at(-1) ?? '';
      const body = await text(request);
      try {
        const run = operations[operation];
        if (run === undefined) throw new ServiceError('UnknownOperationException', operation);
        reply(200, await run(JSON.parse(body)));
      } catch (error) {
        reply(400, {
          __type: error instanceof ServiceError ? error.code : 'ValidationException',
          message: String(error instanceof Error ? error.message : error),
        });
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    clientConfig: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
