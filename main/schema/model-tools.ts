import type { Environment } from '../../preload/contract/environments.ts';
import type { Difference } from '../../preload/contract/schema-diff.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { KnownModel } from './known-models.ts';
import { type OnStep, type Readings, readOnce } from './sources-readings.ts';
import { type ScratchSessions, type SqlSource, withScratchOf } from './sql-source.ts';
import type { TextThreads } from './text-threads.ts';

interface Following {
  signal?: AbortSignal | undefined;
  onStep?: OnStep | undefined;
}

/** What other rooms do with structures. A model here is a handle: its content stays packed. */
export interface ModelTools {
  /** The present structure of an environment. @throws NOT_CONNECTED, the server's error */
  read(environment: Environment, options: Following): Promise<KnownModel>;
  /** The structure of a scratch database. */
  readScratch(source: ScratchSessions, options: Following): Promise<KnownModel>;
  /** All of a structure as one SQL script. */
  script(model: KnownModel, signal?: AbortSignal): Promise<string>;
  /** What `after` has that `before` has not is `only-wanted`. */
  compare(after: KnownModel, before: KnownModel, signal?: AbortSignal): Promise<Difference[]>;
  /** Runs an SQL file into a scratch database. */
  intoScratch(
    openScratch: (options: OpenScratchOptions) => Promise<Scratch>,
    path: string,
    options: Following,
  ): Promise<SqlSource>;
}

export function modelTools({
  readings,
  threads,
  worker,
}: {
  readings: Readings;
  threads: TextThreads;
  worker: string | undefined;
}): ModelTools {
  return {
    read: (environment, { signal, onStep }) =>
      readings.model(environment, { signal, ...(onStep ? { onStep } : {}) }),
    readScratch: ({ openSession, stop }, options) => readOnce({ openSession, stop, worker }, options),
    script: async (model, signal) => {
      let text = '';
      const work = { kind: 'export' as const, model, format: 'ddl' as const, schemas: [] };
      for await (const piece of threads.run(work, signal)) if (piece.kind === 'text') text += piece.text;
      return text;
    },
    compare: async (wanted, actual, signal) => {
      const found: Difference[] = [];
      const work = { kind: 'compare' as const, wanted, actual, options: {}, schemas: [] };
      for await (const piece of threads.run(work, signal))
        if (piece.kind === 'differences') found.push(...piece.differences);
      return found;
    },
    intoScratch: (openScratch, path, options) => withScratchOf({ openScratch }, path, options),
  };
}
