import type { BackupProgress } from '../../../preload/contract/backups.ts';

type Progress = Extract<BackupProgress, { kind: 'progress' }>;

/** Lines that wait for whoever reads them; of more the oldest are left out. */
const mostLines = 200;

/** Events of a run on their way to whoever follows it: at most some a second, and never a crowd of them. */
export interface Events {
  phase(said: string): void;
  log(line: string): void;
  /** The latest takes the place of one that has not been sent. */
  progress(progress: Omit<Progress, 'kind'>): void;
  end(last: BackupProgress): void;
  [Symbol.asyncIterator](): AsyncGenerator<BackupProgress, void, void>;
}

/** @param everyMs how long progress and lines are gathered before they are sent */
export function openEvents(everyMs = 200): Events {
  const urgent: BackupProgress[] = [];
  let lines: string[] = [];
  let leftOut = 0;
  let progress: Progress | undefined;
  let last: BackupProgress | undefined;
  let wake: (() => void) | undefined;

  const take = function* (): Generator<BackupProgress> {
    if (lines.length > 0) {
      const text = (leftOut > 0 ? [`… ${leftOut} lines left out …`, ...lines] : lines).join('\n');
      lines = [];
      leftOut = 0;
      yield { kind: 'log', text };
    }
    const latest = progress;
    progress = undefined;
    if (latest) yield latest;
  };

  return {
    phase: (said) => {
      urgent.push({ kind: 'phase', said });
      wake?.();
    },
    log: (line) => {
      lines.push(line);
      if (lines.length <= mostLines) return;
      lines.shift();
      leftOut += 1;
    },
    progress: (latest) => {
      progress = { kind: 'progress', ...latest };
    },
    end: (given) => {
      last = given;
      wake?.();
    },
    [Symbol.asyncIterator]: async function* () {
      for (;;) {
        for (let next = urgent.shift(); next; next = urgent.shift()) yield next;
        yield* take();
        if (last && urgent.length === 0) break;
        if (urgent.length > 0) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, everyMs);
          function done(): void {
            clearTimeout(timer);
            wake = undefined;
            resolve();
          }
          wake = done;
        });
      }
      yield last;
    },
  };
}
