import type { Advised } from '../../preload/contract/advice.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import { type Beat, type MonitoringNeeds, type MonitoringRoom, startBeat } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import type { ServerPool } from '../servers/index.ts';
import { measureExact, planExact } from './bloat/exact.ts';
import { bloatAdvice, readBloat } from './bloat/report.ts';
import { growthOf } from './growth/answer.ts';
import { fingerprintOf, lookAtSizes } from './growth/look.ts';
import { openSizeStore } from './growth/size-store.ts';
import { followIndexes } from './indexes/report.ts';
import { tableDetail } from './tables/detail.ts';
import { followTables } from './tables/follow.ts';

/** Of an environment that was opened from a bare address. */
const notKept: Explanation = {
  cause: 'history-not-kept',
  what: 'Sizes of this environment are not kept.',
  why: 'It was opened from a bare address, for as long as Howdah runs.',
  next: 'Add it as an environment, and let Howdah run for some days.',
};

const minute = 60_000;
/** Sizes are looked at this often, ms, and at once when a table or an index was made or dropped. */
const lookEvery = 60 * minute;
/** How often it is asked whether one was, ms. */
const checkEvery = 5 * minute;

export function storageRoom(os: Implementer, needs: MonitoringNeeds) {
  const { findEnvironment, pool, now } = needs;
  const store = openSizeStore(needs.store);
  const beats = new Map<string, Beat>();
  const lookNeeds = (id: string) => ({
    store,
    now,
    onChange: ({ kind, text }: { kind: string; text: string }, at: number) =>
      needs.onEvent(id, kind, text, at),
  });

  /** One at a time for each environment. */
  const looking = new Map<string, Promise<void>>();
  const look = (id: string, at: ServerPool, signal?: AbortSignal): Promise<void> => {
    const underway = looking.get(id);
    if (underway) return underway;
    const begun = lookAtSizes(at, id, lookNeeds(id), signal).finally(() => looking.delete(id));
    looking.set(id, begun);
    return begun;
  };

  const begin = (id: string): void => {
    if (beats.has(id)) return;
    let lookedAt = store.known(id)?.at ?? 0;
    let fingerprint: string | undefined;
    const beat = startBeat({
      everyMs: checkEvery,
      slowestMs: 6 * lookEvery,
      share: 0.001,
      firstMs: 10_000,
      measure: async (signal) => {
        const at = needs.poolIfAny(id);
        if (!at) return;
        const present = await fingerprintOf(at);
        const isRecent = now() - lookedAt < lookEvery;
        // After a restart nothing is measured anew; what was made meanwhile is seen at the next full look.
        fingerprint ??= isRecent ? present : undefined;
        if (present === fingerprint && isRecent) return;
        await look(id, at, signal);
        fingerprint = present;
        lookedAt = now();
      },
    });
    beats.set(id, beat);
  };

  /** When Howdah first saw indexes that were not there at its first look. */
  const firstSeen =
    (id: string) =>
    (database: string): ReadonlyMap<number, number> => {
      const found = store.known(id, database);
      if (!found) return new Map();
      const later = found.known.indexes.filter(({ firstAt }) => firstAt > found.firstAt);
      return new Map(later.map(({ oid, firstAt }) => [oid, firstAt]));
    };

  const indexesOf = (id: string, at: ServerPool, signal?: AbortSignal) =>
    followIndexes(at, { now, firstSeen: firstSeen(id), signal });

  const advise = async ({ id }: Environment, signal?: AbortSignal): Promise<Advised> => {
    const at = pool(id);
    const found: Advised = { advice: [], limits: [] };
    for await (const { complete, findings, limits } of indexesOf(id, at, signal)) {
      if (!complete) continue;
      found.advice.push(...findings);
      found.limits.push(...limits);
    }
    signal?.throwIfAborted();
    const bloat = await readBloat(at, now);
    found.advice.push(...bloatAdvice(bloat));
    found.limits.push(...bloat.limits);
    return found;
  };

  const router = os.storage.router({
    tables: os.storage.tables.handler(async function* ({ input, signal }) {
      yield* followTables(pool(findEnvironment(input.environment).id), now, signal);
    }),
    table: os.storage.table.handler(({ input }) =>
      tableDetail(pool(findEnvironment(input.environment).id), input.oid),
    ),
    indexes: os.storage.indexes.handler(async function* ({ input, signal }) {
      const { id } = findEnvironment(input.environment);
      yield* indexesOf(id, pool(id), signal);
    }),
    bloat: os.storage.bloat.handler(async ({ input }) => {
      const { database: _, ...report } = await readBloat(pool(findEnvironment(input.environment).id), now);
      return report;
    }),
    exactPlan: os.storage.exactPlan.handler(({ input }) =>
      planExact(pool(findEnvironment(input.environment).id), input.oid, input.method),
    ),
    exact: os.storage.exact.handler(async function* ({ input, signal }) {
      yield* measureExact(pool(findEnvironment(input.environment).id), input.oid, input.method, signal);
    }),
    measureNow: os.storage.measureNow.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      if (!needs.keepsHistory(id)) throw fail('INVALID', { field: 'environment', ...notKept });
      await look(id, pool(id));
      return { at: store.known(id)?.at ?? now() };
    }),
    growth: os.storage.growth.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      const answer = await growthOf(store, id, input, now());
      return {
        ...answer,
        events: needs.events(id, answer.from, answer.to),
        nextAt: beats.get(id)?.state().nextAt ?? null,
        limits: needs.keepsHistory(id) ? [] : [notKept],
      };
    }),
  });

  return {
    router,
    begin,
    advise,
    roll: store.roll,
    forget: (id: string) => {
      beats.get(id)?.stop();
      beats.delete(id);
    },
    close: () => {
      for (const beat of beats.values()) beat.stop();
    },
  } satisfies MonitoringRoom<typeof router>;
}
