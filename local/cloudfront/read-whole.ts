import type { Readable } from 'node:stream';

/** All bytes of a stream. For bodies whose size is known to be small. */
export async function readWhole(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
