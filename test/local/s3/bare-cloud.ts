import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetStore } from '../../../local/assembly/assets.ts';
import type { Cloud, CloudEvent, CloudPart } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/gateway/aws-error.ts';
import { Iam } from '../../../local/gateway/iam/iam.ts';
import type { Members, Service } from '../../../local/gateway/service.ts';
import { Store } from '../../../local/store/store.ts';

/** A cloud of single parts, without deployment and signatures: the real store and IAM, and a list of the events. */
export class BareCloud {
  readonly folder: string;
  readonly store: Store;
  readonly events: CloudEvent[] = [];
  readonly assets = new AssetStore();
  readonly cloud: Cloud;
  endpoint = 'http://127.0.0.1:0';
  readonly #parts: CloudPart[] = [];
  readonly #servers: Server[] = [];

  constructor(folder = mkdtempSync(join(tmpdir(), 'pulpit-'))) {
    this.folder = folder;
    this.store = new Store({ folder, synchronous: 'NORMAL' });
    this.cloud = {
      accountId: '000000000000',
      region: 'us-east-1',
      endpoint: this.endpoint,
      folder,
      store: this.store,
      iam: new Iam(this.store, '000000000000'),
      assets: this.assets,
      events: { publish: (event) => void this.events.push(event), listen: () => undefined },
      queues: { send: () => undefined },
      functions: { enqueue: () => undefined },
      call: async (principal, service, operation, input) => {
        const found = this.#parts.find((part) => part.service?.signingName === service)?.service?.operations[operation];
        if (found === undefined) throw new Error(`no ${service}:${operation} here`);
        this.cloud.iam.authorize(principal, found.permissions(input));
        return found.run(input, principal);
      },
      warn: () => undefined,
    };
  }

  add<T extends CloudPart>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  /** Deploys one resource and gives its Ref. */
  async deploy(type: string, physicalName: string, properties: Members): Promise<string> {
    const provider = this.#parts.find((part) => part.resources?.[type])?.resources?.[type];
    const deployed = await provider?.({ type, stackName: 'Test', logicalId: physicalName, physicalName, properties });
    return String(deployed?.ref);
  }

  /** Calls an operation as the operator. */
  call(service: string, operation: string, input: Members): Promise<Members> {
    return this.cloud.call(this.cloud.iam.operator, service, operation, input);
  }

  /** Serves a part's codec over HTTP to everybody; returns the address. */
  async serve(service: Service, before: (request: IncomingMessage, response: ServerResponse) => boolean = () => false): Promise<string> {
    const server = createServer((request, response) => {
      void (async () => {
        let decoded;
        try {
          if (request.method === 'OPTIONS' && before(request, response)) return;
          decoded = await service.codec.decode(request);
          const operation = service.operations[decoded.operation];
          if (operation === undefined) throw new AwsError('UnknownOperationException', decoded.operation, 501);
          const output = await operation.run(decoded.input, this.cloud.iam.operator);
          await this.store.committed();
          await service.codec.encode(response, decoded, output);
        } catch (error) {
          const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
          service.codec.encodeError(response, decoded, known, 'request');
        }
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Ends the process's part of it; the folder stays. */
  async stop(): Promise<void> {
    for (const part of this.#parts) await part.stop?.();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.store.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
