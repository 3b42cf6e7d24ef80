import { createSocket, type Socket } from 'node:dgram';
import type { Members } from '../gateway/service.ts';

/** Takes the datagrams that X-Ray SDKs send to their daemon. */
export class XraySink {
  readonly #receive: (segment: Members) => void;
  #address: Promise<string> | undefined;
  #socket: Socket | undefined;

  constructor(receive: (segment: Members) => void) {
    this.#receive = receive;
  }

  /** Where it listens, as `AWS_XRAY_DAEMON_ADDRESS` wants it; opened at the first call. */
  address(): Promise<string> {
    this.#address ??= this.#open();
    return this.#address;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): Promise<string> {
    const socket = createSocket('udp4');
    this.#socket = socket;
    socket.on('message', (datagram) => {
      const segment = segmentIn(datagram.toString());
      if (segment !== undefined) this.#receive(segment);
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, '127.0.0.1', () => {
        // The sink alone keeps no process alive.
        socket.unref();
        resolve(`127.0.0.1:${socket.address().port}`);
      });
    });
  }
}

/** A datagram is a header line and a segment, both JSON. Anything else on the port is dropped: nobody waits for an answer. */
function segmentIn(datagram: string): Members | undefined {
  try {
    const segment: unknown = JSON.parse(datagram.slice(datagram.indexOf('\n') + 1));
    return typeof segment === 'object' && segment !== null ? segment : undefined;
  } catch {
    return undefined;
  }
}
