import type { CommandOutput } from '../../../preload/contract/migration-runs.ts';
import { type Exit, startTree } from '../../companions/index.ts';
import { sleep } from '../../lib/sleep.ts';
import { notFound } from './not-found.ts';
import { readLines } from './output-lines.ts';

export interface DriveOptions {
  /** A shell's line. */
  command: string;
  /** Absolute. */
  folder: string;
  /** The whole environment of the process. */
  environment: NodeJS.ProcessEnv;
  /** Replaced wherever they come up in the output. */
  secrets: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Lines that wait for whoever reads them; of more than that the oldest are left out. */
const mostWaiting = 5000;
/** How long the output is waited for once the command has ended, ms: what it left in the background may hold it open. */
const lastWordsMs = 1000;

/**
 * Runs a command in a process group of its own and gives its output line by line, in the end how it ended. Whoever stops
 * reading, or gives the signal, ends the whole group; what a command leaves in the background ends with it.
 */
export async function* drive(options: DriveOptions): AsyncGenerator<CommandOutput, void, void> {
  const { command, folder, environment, secrets, signal } = options;
  signal?.throwIfAborted();
  const waiting: CommandOutput[] = [];
  let leftOut = 0;
  let exit: Exit | undefined;
  let wake: (() => void) | undefined;
  let last: string[] = [];
  const from = performance.now();
  const tree = startTree(command, { folder, env: environment });
  const tell = (stream: 'out' | 'err') => (text: string) => {
    waiting.push({ kind: 'line', stream, text });
    if (waiting.length > mostWaiting) {
      leftOut += waiting.splice(0, waiting.length - mostWaiting / 2).length;
    }
    wake?.();
  };
  const reading = Promise.all([
    readLines(tree.streams.out, secrets, tell('out')),
    readLines(tree.streams.error, secrets, tell('err')),
  ]);
  const ended = (async () => {
    const how = await tree.exit;
    await Promise.race([reading, sleep(lastWordsMs)]);
    exit = how;
    wake?.();
  })();
  const onAbort = (): void => wake?.();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (leftOut > 0) {
        const count = leftOut;
        leftOut = 0;
        yield { kind: 'line', stream: 'err', text: `… ${count} lines left out …` };
        continue;
      }
      const line = waiting.shift();
      if (line) {
        if (line.kind === 'line') last = [...last.slice(-9), line.text];
        yield line;
        continue;
      }
      if (exit) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if ('error' in exit) throw exit.error;
    const missing = notFound(exit, last);
    if (missing) yield { kind: 'line', stream: 'err', text: missing };
    yield {
      kind: 'ended',
      code: 'code' in exit ? exit.code : null,
      signal: 'signal' in exit ? exit.signal : null,
      ms: Math.round(performance.now() - from),
    };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await tree.end();
    await ended;
  }
}
