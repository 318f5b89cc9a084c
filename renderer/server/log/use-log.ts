import { useCallback, useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Log, LogEntry } from '../../../preload/contract/server-log.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

/** Which log: a file of the server's, one of this machine by its path, or the one written to now. */
export interface LogChoice {
  file?: string | undefined;
  path?: string | undefined;
}

export interface ShownLog {
  log: Log | undefined;
  /** All that has been read so far, oldest first. */
  entries: readonly LogEntry[];
  problem: Explanation | undefined;
  isReading: boolean;
  hasOlder: boolean;
  older: () => void;
}

interface Read {
  log: Log;
  entries: readonly LogEntry[];
}

/** ms between two looks for what is new, while somebody watches. */
const beat = 3000;
/** The most entries that are held; the oldest go first. */
const most = 20_000;

/** Reads a log from its end: older parts when asked for, new ones while it is followed. */
export function useLog(environment: string, choice: LogChoice, follows: boolean, epoch: string): ShownLog {
  const { file, path } = choice;
  const [read, setRead] = useState<Read>();
  const [problem, setProblem] = useState<Explanation>();
  const [isReading, setReading] = useState(false);
  const latest = useRef<Read>(undefined);
  latest.current = read;
  /** What is asked for counts only while the choice it was made for does. */
  const turn = useRef(0);

  const ask = useCallback(
    async (part: { before?: number; after?: number }, put: (log: Log) => Read): Promise<void> => {
      const mine = turn.current;
      setReading(true);
      try {
        const known = latest.current?.log.file ?? undefined;
        const log = await client.server.log({
          environment,
          ...(path === undefined ? {} : { path }),
          ...(path === undefined &&
          (file ?? (part.before ?? part.after) !== undefined) &&
          (file ?? known) !== undefined
            ? { file: file ?? known }
            : {}),
          ...part,
        });
        if (mine !== turn.current) return;
        setRead(put(log));
        setProblem(undefined);
      } catch (error) {
        if (mine === turn.current) setProblem(explain(error));
      } finally {
        if (mine === turn.current) setReading(false);
      }
    },
    [environment, file, path],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another state of the connection is a reason to ask anew.
  useEffect(() => {
    turn.current += 1;
    latest.current = undefined;
    setRead(undefined);
    setProblem(undefined);
    void ask({}, (log) => ({ log, entries: log.entries }));
  }, [ask, epoch]);

  const older = useCallback(() => {
    const here = latest.current;
    if (!here) return;
    void ask({ before: here.log.from }, (log) => ({
      log: { ...here.log, from: log.from, unread: here.log.unread + log.unread },
      entries: [...log.entries, ...here.entries],
    }));
  }, [ask]);

  const canFollow = follows && read?.log.file !== null && read !== undefined;
  useEffect(() => {
    if (!canFollow) return;
    const timer = setInterval(() => {
      const here = latest.current;
      if (!here || document.hidden) return;
      // The last entry is read again: more may have been added to it.
      const after = here.entries.at(-1)?.offset ?? here.log.to;
      void ask({ after }, (log) => {
        // A shorter file was begun anew.
        const kept = log.from < after ? [] : here.entries.filter(({ offset }) => offset < after);
        return {
          log: { ...log, from: kept.length > 0 ? here.log.from : log.from },
          entries: [...kept, ...log.entries].slice(-most),
        };
      });
    }, beat);
    return () => clearInterval(timer);
  }, [canFollow, ask]);

  return {
    log: read?.log,
    entries: read?.entries ?? none,
    problem,
    isReading,
    hasOlder: (read?.log.from ?? 0) > 0,
    older,
  };
}

const none: readonly LogEntry[] = [];
