import type { Readable } from 'node:stream';
import { longestLine, printable } from '../../companions/index.ts';
import { masked } from '../../lib/mask.ts';

/** What is read of a stream at most in each 50 ms, bytes: beyond that the writer has to wait. */
const bytesPerTick = 256 * 1024;
const tickMs = 50;
/** What a line counts in that, bytes, beside its own: to go over it for secrets takes its time. */
const lineCost = 64;
/** A line without an end is given out after this long, ms: it may be a question. */
const unfinishedMs = 500;

/**
 * Reads a program's output as lines fit to be shown: no escape sequences, secrets replaced, cut at
 * {@link longestLine}. Comes back at the stream's end. It is read whether or not somebody takes the lines: a program that
 * holds locks must not wait for a slow screen.
 */
export function readLines(
  stream: Readable,
  secrets: readonly string[],
  onLine: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder('utf-8');
  // A secret at the cut has to be seen whole; in a URL it may be three times as long.
  const room = longestLine + 200 + 3 * Math.max(0, ...secrets.map(({ length }) => length));
  let partial = '';
  /** The beginning of this line was given out already. */
  let skipping = false;
  let budget = bytesPerTick;
  let tick: NodeJS.Timeout | undefined;
  let unfinished: NodeJS.Timeout | undefined;

  const giveOut = (): void => onLine(masked(printable(partial, secrets)));
  const take = (text: string): number => {
    const pieces = text.split(/\r\n|[\r\n]/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        if (!skipping) giveOut();
        partial = '';
        skipping = false;
      }
      if (skipping) continue;
      partial += piece.slice(0, room - partial.length);
      if (partial.length < room) continue;
      giveOut();
      partial = '';
      skipping = true;
    }
    clearTimeout(unfinished);
    if (partial !== '') unfinished = setTimeout(giveOutUnfinished, unfinishedMs).unref();
    return pieces.length - 1;
  };
  const giveOutUnfinished = (): void => {
    if (partial !== '') giveOut();
    partial = '';
  };

  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      const lines = take(decoder.decode(chunk, { stream: true }));
      budget -= chunk.length + lines * lineCost;
      tick ??= setTimeout(() => {
        tick = undefined;
        budget = bytesPerTick;
        stream.resume();
      }, tickMs);
      if (budget <= 0) stream.pause();
    });
    // Reading from a program that was killed may fail: nothing more to come then.
    stream.on('error', () => undefined);
    stream.once('close', () => {
      clearTimeout(tick);
      take(decoder.decode());
      clearTimeout(unfinished);
      giveOutUnfinished();
      resolve();
    });
  });
}
