import { useEffect } from 'react';
import type { Engine, EngineProgress } from '../../../preload/contract/backup-engines.ts';
import { client } from '../../lib/client.ts';
import { roomAddress } from '../../shell/address.ts';
import { useWork, Works } from '../restore/works.ts';
import { afterEngineProgress, type EngineRunning, engineBegun, engineDetail } from './engine-run.ts';
import { takeEngine } from './use-engines.ts';

const runs = new Works<EngineRunning>('engine');

export type EngineType = 'full' | 'differential' | 'incremental';

/** The backup that an engine is making, or the last one until somebody puts it away. */
export function useEngineRunning(engine: string): EngineRunning | undefined {
  const running = useWork(runs, engine);
  const ended = running?.phase === 'ended';
  useEffect(() => {
    if (ended) runs.seen(engine);
  }, [ended, engine]);
  return running;
}

/**
 * Has an engine make a backup. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function backUpByEngine(
  engine: Engine,
  order: { type: EngineType; repository: number | null },
  environment: string,
): Promise<void> {
  await runs.start<EngineProgress>({
    first: engineBegun(engine),
    open: (signal) => client.backups.engines.backup({ engine: engine.id, ...order }, { signal }),
    after: (before, event) => {
      if (event.kind === 'finished') takeEngine(event.engine);
      return afterEngineProgress(before, event);
    },
    job: (running) => ({
      environment,
      ...engineDetail(running),
      done: 0,
      total: 0,
      address: `${roomAddress(environment, 'backups')}/engines`,
      show: () => undefined,
    }),
  });
}

export const cancelEngine = (engine: string): void => runs.cancel(engine);
export const putEngineAway = (engine: string): void => runs.putAway(engine);
