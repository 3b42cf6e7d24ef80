import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Store } from '../store/store.ts';
import { AwsError } from './aws-error.ts';
import { readBody } from './codecs/read-body.ts';
import type { Iam } from './iam/iam.ts';
import { listenOnLoopback } from './listen.ts';
import type { DecodedRequest, Members, Operation, Principal, Service } from './service.ts';
import { parseSignature, verifySignature, type SignedRequest } from './signature.ts';

export interface GatewayOptions {
  readonly store: Store;
  readonly iam: Iam;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** The one door to every service: finds out who calls, whether they may, and answers only what is on disk. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #services = new Map<string, Service>();
  readonly #server: Server;
  /** Answers a CORS preflight, which browsers send unsigned; false when it is none of its business. */
  preflight: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // A recording of 2 GB over a slow loopback client takes longer than Node's five minutes.
    this.#server.requestTimeout = 0;
  }

  add(service: Service): void {
    this.#services.set(service.signingName, service);
  }

  /** @throws Error when the port is taken; the message names the setting that changes it */
  listen(port: number): Promise<number> {
    return listenOnLoopback(this.#server, port, 'PULPIT_PORT');
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Calls an operation in this process: same permissions as over HTTP, without waiting for the commit. */
  async call(principal: Principal, signingName: string, operationName: string, input: Members): Promise<Members> {
    const operation = this.#operation(this.#service(signingName), operationName);
    this.#options.iam.authorize(principal, operation.permissions(input));
    return operation.run(input, principal);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let service: Service | undefined;
    let decoded: DecodedRequest | undefined;
    response.setHeader('x-amzn-requestid', requestId);
    try {
      if (request.method === 'OPTIONS' && this.preflight(request, response)) return;
      const signed = parseSignature(request);
      service = signed === undefined ? this.#guessService(request) : this.#service(signed.service);
      const principal = await this.#authenticate(request, signed);
      decoded = await service.codec.decode(request);
      const operation = this.#operation(service, decoded.operation);
      this.#options.iam.authorize(principal, operation.permissions(decoded.input));
      const output = await operation.run(decoded.input, principal);
      await this.#options.store.committed();
      await service.codec.encode(response, decoded, output);
    } catch (error) {
      this.#answerError(request, response, service, decoded, error, requestId);
    }
  }

  async #authenticate(request: IncomingMessage, signed: SignedRequest | undefined): Promise<Principal> {
    if (signed === undefined)
      throw new AwsError('MissingAuthenticationToken', 'the request is not signed; sign it with AWS Signature Version 4', 403);
    const key = this.#options.iam.findKey(signed.accessKeyId);
    if (key === undefined) {
      const code = signed.service === 's3' ? 'InvalidAccessKeyId' : 'UnrecognizedClientException';
      throw new AwsError(code, 'The security token included in the request is invalid: the local cloud never issued this access key.', 403);
    }
    // S3 bodies are streamed: their hash is checked while they are stored.
    const bodyHash =
      signed.service === 's3'
        ? undefined
        : createHash('sha256')
            .update(await readBody(request))
            .digest('hex');
    const claimed = request.headers['x-amz-content-sha256'];
    if (bodyHash !== undefined && claimed !== undefined && claimed !== bodyHash) {
      throw new AwsError('InvalidSignatureException', 'the body does not match x-amz-content-sha256', 403);
    }
    verifySignature(request, signed, key.secretAccessKey, bodyHash);
    return key.principal;
  }

  #service(signingName: string): Service {
    const service = this.#services.get(signingName);
    if (service === undefined) {
      this.#options.warn('a call was refused: the local cloud has no such service', { service: signingName });
      throw new AwsError(
        'UnknownService',
        `the local cloud has no service "${signingName}"; it has ${[...this.#services.keys()].toSorted().join(', ')}`,
        501,
      );
    }
    return service;
  }

  // An unsigned request is refused, but in the dialect its sender understands.
  #guessService(request: IncomingMessage): Service {
    const json = request.headers['x-amz-target'] !== undefined ? this.#services.get('states') : undefined;
    return json ?? this.#service('s3');
  }

  #operation(service: Service, name: string): Operation {
    const operation = service.operations[name];
    if (operation === undefined) {
      this.#options.warn('a call was refused: the local cloud does not know the operation', {
        service: service.signingName,
        operation: name,
      });
      throw new AwsError('UnknownOperationException', `the local cloud does not serve ${service.signingName}:${name}`, 501);
    }
    return operation;
  }

  #answerError(
    request: IncomingMessage,
    response: ServerResponse,
    service: Service | undefined,
    decoded: DecodedRequest | undefined,
    error: unknown,
    requestId: string,
  ): void {
    const known = error instanceof AwsError ? error : new AwsError('InternalFailure', 'the local cloud failed to answer; see its log', 500);
    if (known !== error) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.#options.warn('a call failed inside the local cloud', { service: service?.signingName, operation: decoded?.operation, stack });
    }
    // The client may still be sending; what it sends has nowhere to go.
    if (!request.complete) response.setHeader('connection', 'close');
    if (response.headersSent) response.destroy();
    else if (service === undefined)
      response
        .writeHead(known.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ __type: known.code, message: known.message }));
    else service.codec.encodeError(response, decoded, known, requestId);
  }
}
