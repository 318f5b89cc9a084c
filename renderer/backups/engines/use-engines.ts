import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Engine } from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { queryClient } from '../../lib/query-client.ts';

/** Under it are the engines of all environments. */
export const enginesKey: readonly string[] = ['backups', 'engines'];

/** Takes what an act gave as what there is now. */
export const takeEngines = (engines: readonly Engine[]): void =>
  void queryClient.setQueryData(enginesKey, engines);

/** The same with one of them anew. */
export function takeEngine(engine: Engine): void {
  const before = queryClient.getQueryData<readonly Engine[]>(enginesKey) ?? [];
  const at = before.findIndex(({ id }) => id === engine.id);
  takeEngines(at < 0 ? [...before, engine] : before.with(at, engine));
}

export interface EngineList {
  /** Of the environment, then those of none. */
  engines: readonly Engine[] | undefined;
  problem: Explanation | undefined;
  isReading: boolean;
  /** Has each of them asked now. */
  readAgain: () => void;
}

/** Engines of an environment and those that are linked to none, as they were last read. */
export function useEngines(environment: string): EngineList {
  const [isReading, setReading] = useState(false);
  const [failure, setFailure] = useState<Explanation>();
  const { data, error } = useQuery({
    queryKey: enginesKey,
    queryFn: ({ signal }) => client.backups.engines.list({}, { signal }),
  });
  const readAgain = (): void => {
    setReading(true);
    setFailure(undefined);
    client.backups.engines
      .list({ again: true })
      .then(takeEngines, (thrown: unknown) => setFailure(explain(thrown)))
      .finally(() => setReading(false));
  };
  const own = data?.filter((one) => one.environment === environment || one.environment === null);
  return {
    engines: own?.toSorted((a, b) => Number(a.environment === null) - Number(b.environment === null)),
    problem: failure ?? (error ? explain(error) : undefined),
    isReading,
    readAgain,
  };
}
