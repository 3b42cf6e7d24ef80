import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The only interface anything here listens on. */
const LOOPBACK = '127.0.0.1';

/**
 * Listens on loopback and returns the port (0 asks for any free one).
 * @throws Error naming the port and the variable that changes it
 */
export function listenOnLoopback(server: Server, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new Error(`port ${port} is in use; stop the other program or set ${variable} to a free port`, { cause: error }));
      else if (error.code === 'EACCES')
        reject(new Error(`port ${port} may not be opened by this user; set ${variable} to a port above 1023`, { cause: error }));
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}
