import type { BackupProgress, RestoreProgress, VerifyProgress } from '../../preload/contract/backups.ts';
import { printable, printExplanation } from './output.ts';

type Progress = BackupProgress | VerifyProgress | RestoreProgress;
type Last<E extends Progress> = Exclude<E, { kind: 'begun' | 'phase' | 'log' | 'progress' | 'errors' }>;

/** Between two lines of progress, ms: for a person, in a terminal. */
const everyMs = 1000;

/** Tells on standard error how it goes, and gives what came of it. The log is for `--verbose`. */
export async function followBackup<E extends Progress>(
  events: AsyncIterable<E>,
  { verbose = false }: { verbose?: boolean | undefined } = {},
): Promise<Last<E> | undefined> {
  let last: Last<E> | undefined;
  let told = 0;
  for await (const event of events) {
    if (event.kind === 'phase') say(event.said);
    else if (event.kind === 'log') {
      if (verbose) say(`  ${event.text}`);
    } else if (event.kind === 'errors') say(`${event.count} × ${event.cause}: ${event.first}`);
    else if (event.kind === 'progress') {
      if (!process.stderr.isTTY || Date.now() - told < everyMs) continue;
      told = Date.now();
      const part = event.total ? ` (${Math.min(100, Math.floor((event.done / event.total) * 100))} %)` : '';
      say(`  ${megabytes(event.bytes)}${part}${event.object === null ? '' : ` ${event.object}`}`);
    } else if (event.kind !== 'begun') last = event as Last<E>;
  }
  if (last?.kind === 'failed') {
    printExplanation(last.problem);
    say(last.state);
  }
  return last;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);
