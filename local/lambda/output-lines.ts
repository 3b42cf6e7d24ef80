import type { Readable } from 'node:stream';

/** Calls `handle` for each line of a stream; only a line feed ends a line, because the runtime writes breaks inside a message as carriage returns. */
export function onLine(stream: Readable, handle: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) handle(line.replaceAll('\r', '\n'));
  });
  stream.on('end', () => {
    if (rest !== '') handle(rest);
  });
}
