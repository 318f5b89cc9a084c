import { useCallback, useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

export interface MatrixLook {
  /** By environment, as they came; older ones stay until newer ones come. */
  statuses: ReadonlyMap<string, MigrationStatus>;
  /** Environments that have not answered in the present look. */
  waiting: number;
  problem: Explanation | undefined;
  look: () => void;
  cancel: () => void;
}

/** ms in which answers are gathered before they are drawn: longer for many, which take longer to bring together. */
const gatherTime = (environments: number): number => (environments > 16 ? 300 : 60);

/** Looks at several environments, each shown as soon as it has answered. Begins anew when they are others. */
export function useMatrix(environments: readonly string[]): MatrixLook {
  const [statuses, setStatuses] = useState<ReadonlyMap<string, MigrationStatus>>(() => new Map());
  const [waiting, setWaiting] = useState(0);
  const [problem, setProblem] = useState<Explanation>();
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController>(undefined);
  const wanted = environments.join('\n');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for another look at the same ones.
  useEffect(() => {
    const ids = wanted === '' ? [] : wanted.split('\n');
    const stop = new AbortController();
    running.current = stop;
    setProblem(undefined);
    setWaiting(ids.length);
    setStatuses((before) => new Map([...before].filter(([id]) => ids.includes(id))));
    if (ids.length === 0) return;
    void follow(ids, stop.signal, (came, left) => {
      setStatuses((before) => new Map([...before, ...came]));
      setWaiting(left);
    }).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      setProblem(explain(error));
      setWaiting(0);
    });
    return () => stop.abort();
  }, [wanted, turn]);

  return {
    statuses,
    waiting,
    problem,
    look: useCallback(() => setTurn((before) => before + 1), []),
    cancel: useCallback(() => {
      running.current?.abort();
      setWaiting(0);
    }, []),
  };
}

type Came = (statuses: [string, MigrationStatus][], left: number) => void;

async function follow(environments: string[], signal: AbortSignal, came: Came): Promise<void> {
  const gathered: [string, MigrationStatus][] = [];
  let left = environments.length;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    timer = undefined;
    if (!signal.aborted) came(gathered.splice(0), left);
  };
  try {
    for await (const status of await client.migrations.matrix({ environments }, { signal })) {
      if (signal.aborted) return;
      gathered.push([status.environment, status]);
      left -= 1;
      timer ??= setTimeout(tell, gatherTime(environments.length));
    }
    left = 0;
  } finally {
    clearTimeout(timer);
    tell();
  }
}
