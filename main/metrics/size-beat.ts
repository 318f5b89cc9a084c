import { type Beat, startBeat } from '../monitoring/index.ts';
import type { ServerPool } from '../servers/index.ts';
import sizesSql from './sizes.sql?raw';

export interface DatabaseSizes {
  at: number;
  sizes: { database: string; bytes: number | null }[];
}

export type SizeBeat = Beat;

const minute = 60_000;

/**
 * Measures the sizes of all databases every ten minutes, less often where it takes long: measuring may take
 * a thousandth of the time. `lastAt` is the time of the last one known, so that a restart does not measure anew.
 */
export function startSizeBeat(
  pool: () => ServerPool | undefined,
  lastAt: number | undefined,
  onSizes: (sizes: DatabaseSizes) => void,
): SizeBeat {
  return startBeat({
    everyMs: 10 * minute,
    slowestMs: 6 * 60 * minute,
    share: 0.001,
    lastAt,
    measure: async (signal) => {
      const sizes = await pool()?.query<{ database: string; bytes: number | null }>(sizesSql);
      if (sizes && !signal.aborted) onSizes({ at: Date.now(), sizes });
    },
  });
}
