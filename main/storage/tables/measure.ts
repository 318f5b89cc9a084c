import type { ServerPool } from '../../servers/index.ts';
import { inBatches } from './batches.ts';
import type { Sizes } from './list.ts';
import sizesSql from './sizes.sql?raw';

/** Sizes of some tables as they are now; those that are locked are named instead. */
export interface Measured {
  sizes: Map<number, Sizes>;
  waiting: number[];
}

/** Measures tables in batches; what it gives are the batches. */
export async function* measureTables(
  pool: ServerPool,
  oids: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<Measured, void, void> {
  for await (const { rows, waiting } of inBatches<Sizes & { oid: number } & Record<string, unknown>>(
    pool,
    sizesSql,
    oids,
    signal,
  )) {
    yield {
      sizes: new Map(
        rows.map(({ oid, heap, maps, toast, indexes }) => [oid, { heap, maps, toast, indexes }]),
      ),
      waiting,
    };
  }
}
