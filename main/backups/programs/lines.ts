import type { Readable } from 'node:stream';
import { printable } from '../../companions/index.ts';

/** Characters of a line that are kept while it is read. */
const longest = 8000;

/** Reads a stream as lines fit to be shown, without secrets. Comes back at its end; what can't be read is the end. */
export function readLines(
  stream: Readable,
  secrets: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder('utf-8');
  let partial = '';
  const take = (text: string): void => {
    const pieces = text.split(/\r?\n/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        onLine(printable(partial, secrets));
        partial = '';
      }
      if (partial.length < longest) partial += piece.slice(0, longest - partial.length);
    }
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.decode(chunk, { stream: true })));
    stream.on('error', () => undefined);
    stream.once('close', () => {
      take(decoder.decode());
      if (partial !== '') onLine(printable(partial, secrets));
      resolve();
    });
  });
}
