import type { Readable } from 'node:stream';
import type { CompanionLine } from '../../preload/contract/environments.ts';
import { sleep } from '../lib/sleep.ts';
import { longestLine, printable } from './printable.ts';

/** How many lines are kept. */
const kept = 500;
/** Followers get at most this many lines a second, in batches at least this many ms apart. */
const linesPerSecond = 200;
const batchMs = 50;
/** What is read of a stream at most in each 50 ms, in bytes: 5 MB a second. Beyond that the writer has to wait. */
const bytesPerTick = 256 * 1024;
const tickMs = 50;
/** What a line counts in that, in bytes, beside its own. */
const lineCost = 32;
/** A line without an end is shown after this long, in ms: it may be a question. */
const unfinishedMs = 1000;

/** What a companion printed lately. Memory is bounded, whatever is printed. */
export interface OutputLog {
  add(stream: CompanionLine['stream'], text: string): void;
  /** From now on these are replaced, also in what is there already. */
  hide(secrets: readonly string[]): void;
  /** Reads a stream of a process until its end, as lines. */
  read(stream: Readable, name: 'out' | 'error'): void;
  /** The newest lines of the process itself since a time, oldest first, at most `count`. */
  lastWords(since: number, count: number): string[];
  /** What is there, as one batch, then each new batch until the signal. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<CompanionLine[], void, void>;
  /** How many follow. */
  readonly followers: number;
}

export function createOutputLog(): OutputLog {
  const secrets = new Set<string>();
  let ring: CompanionLine[] = [];
  /** Lines ever added: the ring holds the last of them. */
  let total = 0;
  let followers = 0;
  const wakers = new Set<() => void>();

  const add = (stream: CompanionLine['stream'], texts: readonly string[]): void => {
    const at = Date.now();
    // Of more than fit only the last are worth the work.
    for (const text of texts.slice(-kept)) ring.push({ at, stream, text: printable(text, secrets) });
    // Cut now and then rather than at each line.
    if (ring.length >= 2 * kept) ring = ring.slice(-kept);
    total += texts.length;
    for (const wake of [...wakers]) wake();
  };
  const nextLine = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        wakers.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      wakers.add(done);
      signal?.addEventListener('abort', done);
    });

  return {
    add: (stream, text) => add(stream, [text]),
    hide: (more) => {
      const before = secrets.size;
      for (const secret of more) if (secret !== '') secrets.add(secret);
      if (secrets.size > before)
        ring = ring.map((line) => ({ ...line, text: printable(line.text, secrets) }));
    },
    read: (stream, name) =>
      readLines(
        stream,
        (texts) => add(name, texts),
        () => longestSecret(secrets),
      ),
    lastWords: (since, count) =>
      ring
        .filter(({ at, stream, text }) => stream !== 'howdah' && at >= since && text.trim() !== '')
        .slice(-count)
        .map(({ text }) => text.trim()),
    get followers() {
      return followers;
    },
    async *follow(signal) {
      followers += 1;
      try {
        let seen = total;
        let allowance = linesPerSecond;
        let at = performance.now();
        yield ring.slice(-kept);
        while (!signal?.aborted) {
          if (total === seen) await nextLine(signal);
          await sleep(batchMs, signal);
          const now = performance.now();
          allowance = Math.min(linesPerSecond, allowance + ((now - at) / 1000) * linesPerSecond);
          at = now;
          const fresh = total - seen;
          // Under a flood, wait for a batch that is worth reading.
          if (fresh === 0 || (allowance < fresh && allowance < linesPerSecond / 4)) continue;
          const taken = Math.min(fresh, Math.floor(allowance), kept);
          const leftOut = fresh - taken;
          const batch = ring.slice(-taken);
          seen = total;
          allowance -= taken;
          yield leftOut === 0 ? batch : [leftOutLine(leftOut), ...batch];
        }
      } finally {
        followers -= 1;
      }
    },
  };
}

function leftOutLine(count: number): CompanionLine {
  const text = count === 1 ? '1 line left out.' : `${count} lines left out.`;
  return { at: Date.now(), stream: 'howdah', text };
}

function longestSecret(secrets: Set<string>): number {
  return Math.max(0, ...[...secrets].map(({ length }) => length));
}

/**
 * Splits a stream into lines. Bytes that are no UTF-8 become U+FFFD; of a line without an end only its beginning is
 * kept, with enough behind it that a secret at the cut is still seen whole.
 */
function readLines(stream: Readable, onLines: (texts: string[]) => void, secretLength: () => number): void {
  const decoder = new TextDecoder('utf-8');
  // A secret may be written three times as long in a URL.
  const room = (): number => longestLine + 200 + 3 * secretLength();
  let partial = '';
  /** The beginning of this line was given out already: the rest of it is dropped. */
  let skipping = false;
  let budget = bytesPerTick;
  let tick: NodeJS.Timeout | undefined;
  let unfinished: NodeJS.Timeout | undefined;

  const take = (text: string): number => {
    const limit = room();
    const lines: string[] = [];
    const giveOut = (): void => {
      if (partial !== '') lines.push(partial);
      partial = '';
    };
    for (const [index, piece] of text.split(/\r\n|[\r\n]/).entries()) {
      if (index > 0) {
        giveOut();
        skipping = false;
      }
      if (skipping) continue;
      partial += piece.slice(0, limit - partial.length);
      if (partial.length < limit) continue;
      giveOut();
      skipping = true;
    }
    if (lines.length > 0) onLines(lines);
    clearTimeout(unfinished);
    if (partial !== '') unfinished = setTimeout(giveOutUnfinished, unfinishedMs).unref();
    return lines.length;
  };
  const giveOutUnfinished = (): void => {
    if (partial !== '') onLines([partial]);
    partial = '';
  };
  const refill = (): void => {
    tick = undefined;
    budget = bytesPerTick;
    stream.resume();
  };

  stream.on('data', (chunk: Buffer) => {
    const lines = take(decoder.decode(chunk, { stream: true }));
    budget -= chunk.length + lines * lineCost;
    tick ??= setTimeout(refill, tickMs);
    if (budget <= 0) stream.pause();
  });
  // Reading from a process that was killed may fail: nothing more to come then.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    clearTimeout(tick);
    clearTimeout(unfinished);
    take(decoder.decode());
    clearTimeout(unfinished);
    giveOutUnfinished();
  });
}
