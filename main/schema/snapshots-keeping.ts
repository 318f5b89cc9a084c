import type { Environment } from '../../preload/contract/environments.ts';
import type { SnapshotInfo } from '../../preload/contract/schema.ts';
import { sleep } from '../lib/sleep.ts';
import type { KnownModel } from './known-models.ts';
import type { Snapshots, TakenStructure } from './snapshots.ts';
import type { OnStep, Readings } from './sources-readings.ts';
import type { TextThreads } from './text-threads.ts';

/** Takes snapshots: when somebody asks, and by itself whenever a reading found something changed. */
export interface SnapshotKeeping {
  /** A reading has ended with this. Returns at once; nobody waits for it, and it never fails. */
  onSettled(environment: Environment, model: KnownModel): void;
  /** Reads and keeps it. @throws what reading throws */
  take(
    environment: Environment,
    name: string | null,
    options: { signal: AbortSignal; onStep: OnStep },
  ): Promise<SnapshotInfo>;
  /** Waits a moment for what is under way; nothing is written afterwards. */
  close(): Promise<void>;
}

export interface KeepingNeeds {
  snapshots: Snapshots;
  threads: TextThreads;
  readings: Pick<Readings, 'model'>;
  /** Whether there still is an environment of that id. */
  isThere(id: string): boolean;
}

/** How long closing waits for what is being looked at, ms. */
const patienceMs = 3000;

export function openSnapshotKeeping({
  snapshots,
  threads,
  readings,
  isThere,
}: KeepingNeeds): SnapshotKeeping {
  const stop = new AbortController();
  /** Models whose readings were noted already, with the digest that is dear to find. */
  const digests = new WeakMap<KnownModel, Promise<{ digest: string; tables: number }>>();
  /** What is to be looked at, by environment and database: the last one counts. */
  const upcoming = new Map<string, () => Promise<void>>();
  let working: Promise<void> | undefined;

  const digestOf = (model: KnownModel): Promise<{ digest: string; tables: number }> => {
    const known = digests.get(model);
    // Definitions that came since would change it.
    if (known && model.isSettled()) return known;
    const found = model
      .packed()
      .then((packed) => threads.ask({ kind: 'digest', packed }, 'digest', stop.signal));
    if (model.isSettled()) {
      digests.set(model, found);
      found.catch(() => digests.delete(model));
    }
    return found;
  };
  const structureOf = async (
    { id, name, connection }: Environment,
    model: KnownModel,
    at: number,
  ): Promise<TakenStructure> => {
    const { digest, tables } = await digestOf(model);
    return {
      environment: id,
      origin: name,
      database: connection.database,
      role: model.header.user,
      serverVersion: model.header.server.version,
      at,
      digest,
      tables,
      packed: await model.packed(),
    };
  };
  const work = async (): Promise<void> => {
    for (;;) {
      const [next] = upcoming;
      if (!next || stop.signal.aborted) return;
      const [key, look] = next;
      upcoming.delete(key);
      await look().catch((error: unknown) => {
        // It is an addition that nobody asked for: the next reading tries again.
        if (!stop.signal.aborted) process.emitWarning(`A snapshot was not kept: ${String(error)}`);
      });
    }
  };

  return {
    onSettled: (environment, model) => {
      if (environment.transient || stop.signal.aborted) return;
      const at = model.seenAt;
      upcoming.set(`${environment.id}\n${environment.connection.database}`, async () => {
        const taken = await structureOf(environment, model, at);
        if (!stop.signal.aborted && isThere(environment.id)) snapshots.note(taken);
      });
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    take: async (environment, name, { signal, onStep }) => {
      const model = await readings.model(environment, { signal, onStep });
      onStep('Keeping the structure', 2, 3);
      const taken = await structureOf(environment, model, model.seenAt);
      signal.throwIfAborted();
      stop.signal.throwIfAborted();
      return snapshots.add(taken, name);
    },
    close: async () => {
      await Promise.race([working, sleep(patienceMs)]);
      stop.abort(new Error('The console is closing.'));
      await working;
    },
  };
}
