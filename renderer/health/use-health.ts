import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { HealthReport, healthFormats } from '../../preload/contract/health.ts';
import { notifyProblem } from '../components/notify.tsx';
import { download } from '../imports/download.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { healthRunOf } from './run.ts';

export interface Health {
  /** The newest whole report; null when there is none, undefined while it is fetched. */
  last: HealthReport | null | undefined;
  /** The report that is made now, as far as it has come. */
  soFar: HealthReport | undefined;
  isRunning: boolean;
  problem: Explanation | undefined;
  run: () => void;
  cancel: () => void;
  /** Hands the newest report over as a file. */
  save: (format: (typeof healthFormats)[number]) => void;
}

/** The report of an environment: the one that is kept, and the one that is made. */
export function useHealth(environment: string): Health {
  const queries = useQueryClient();
  const key = ['health', environment];
  const last = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.health.last({ environment }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const health = healthRunOf(environment);
  const { phase, soFar, problem } = useSyncExternalStore(health.subscribe, health.state);
  const run = useCallback(() => {
    void health.start((report) => queries.setQueryData(['health', environment], report));
  }, [health, queries, environment]);
  const at = last.data?.at;
  const save = useCallback(
    (format: (typeof healthFormats)[number]) => {
      client.health.export({ environment, format, ...(at === undefined ? {} : { at }) }).then(
        ({ name, text, mediaType }) => download(name, text, mediaType),
        (error: unknown) => notifyProblem(explain(error)),
      );
    },
    [environment, at],
  );
  return {
    last: last.data,
    soFar,
    isRunning: phase === 'running',
    problem: problem ?? (last.error ? explain(last.error) : undefined),
    run,
    cancel: health.cancel,
    save,
  };
}
