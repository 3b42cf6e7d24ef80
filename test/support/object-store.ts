import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';

/** A bucket of S3 as far as conditional reads and writes go; the SDK's real client calls it. */
export interface ObjectStore {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly objects: Map<string, Buffer>;
  /** Runs before each write takes effect: where a test lets somebody else be faster. */
  beforeWrite: (key: string) => void;
  stop(): Promise<void>;
}

/** The ETag that S3 gives an object that was written in one part. */
export const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** Starts an empty bucket on a free port. */
export async function startObjectStore(): Promise<ObjectStore> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void (async () => {
      const key = decodeURIComponent(new URL(request.url ?? '/', 'http://s3').pathname)
        .split('/')
        .slice(2)
        .join('/');
      const body = await buffer(request);
      const fail = (status: number, code: string): void => {
        response
          .writeHead(status, { 'content-type': 'application/xml' })
          .end(status === 304 ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
      };
      const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
      if (request.method === 'GET') {
        const found = objects.get(key);
        if (found === undefined) return fail(404, 'NoSuchKey');
        if (ifNoneMatch === etagOf(found)) return fail(304, 'NotModified');
        response.writeHead(200, { etag: etagOf(found), 'content-length': found.length }).end(found);
        return undefined;
      }
      store.beforeWrite(key);
      const before = objects.get(key);
      if (ifMatch !== undefined && (before === undefined || etagOf(before) !== ifMatch))
        return fail(before === undefined ? 404 : 412, before === undefined ? 'NoSuchKey' : 'PreconditionFailed');
      if (ifNoneMatch === '*' && before !== undefined) return fail(412, 'PreconditionFailed');
      objects.set(key, body);
      response.writeHead(200, { etag: etagOf(body) }).end();
      return undefined;
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const store: ObjectStore = {
    endpoint,
    s3,
    objects,
    beforeWrite: () => undefined,
    stop: () => {
      s3.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return store;
}
