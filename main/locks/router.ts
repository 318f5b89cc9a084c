import type { Explanation } from '../../preload/contract/common.ts';
import { fail } from '../lib/fail.ts';
import { windowMs } from '../metrics/index.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import { takeLockSample } from '../sampler/index.ts';
import { grantMonitor, jamAdvice } from './advise.ts';
import deadlocksSql from './deadlocks.sql?raw';
import { keepEpisodes } from './episode-keeper.ts';
import { openEpisodeStore } from './episode-store.ts';
import type { EpisodeRecord } from './episodes.ts';
import { lockGraphOf } from './lock-graph.ts';
import stillPreparedSql from './still-prepared.sql?raw';

/** Who waits for whom: now, and in the past. */
export function locksRoom(os: Implementer, needs: MonitoringNeeds) {
  const { findEnvironment, pool, now } = needs;
  const store = openEpisodeStore(needs.store);

  /** A prepared transaction that is still there blocks nobody any more; one that is gone was committed or rolled back. */
  const lookForPrepared = async (id: string, { id: row, root }: EpisodeRecord): Promise<void> => {
    const [known] =
      (await needs.poolIfAny(id)?.query<{ there: boolean }>(stillPreparedSql, [String(-root.pid)])) ?? [];
    if (known && row !== undefined) store.setEnd(row, known.there ? 'waiters-left' : 'transaction-ended');
  };
  const looking = new Set<Promise<void>>();
  const episodes = keepEpisodes({
    store,
    events: needs.events,
    onEvent: needs.onEvent,
    onPreparedEnd: (id, record) => {
      // Where it can't be found out, how it ended stays unknown.
      const look = lookForPrepared(id, record).catch(() => undefined);
      looking.add(look);
      void look.finally(() => looking.delete(look));
    },
  });

  const limitsOf = async (id: string, user: string): Promise<Explanation[]> => {
    if (needs.status(id).state !== 'connected') return [];
    const { hidden, backends } = await needs.current(id);
    const waiters = backends.filter(({ type, blockedBy }) => type === null && blockedBy.length > 0).length;
    if (hidden + waiters === 0) return [];
    return [
      {
        cause: 'limited-visibility',
        what: 'Who waits for whom is seen, but not what the sessions of other roles do.',
        why: 'Their states, statements and ages are shown to members of pg_read_all_stats only.',
        next: 'Grant this role pg_monitor.',
        command: grantMonitor(user),
      },
    ];
  };

  const router = os.locks.router({
    limits: os.locks.limits.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      return limitsOf(id, connection.user);
    }),
    graph: os.locks.graph.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      const graph = lockGraphOf(await takeLockSample(pool(id), now()));
      const [deadlocks] = await pool(id).query<{ count: string; since: number | null }>(deadlocksSql);
      return { ...graph, deadlocks: deadlocks ?? { count: '0', since: null } };
    }),
    episodes: os.locks.episodes.handler(({ input }) => {
      const { id } = findEnvironment(input.environment);
      const to = input.to ?? now();
      const from = input.from ?? to - windowMs[input.window];
      return { from, to, ...store.list(id, from, to), brief: store.brief(id, from, to) };
    }),
    episode: os.locks.episode.handler(({ input }) => {
      const found = store.find(findEnvironment(input.environment).id, input.id);
      if (found) return found;
      throw fail('INVALID', {
        cause: 'episode-gone',
        field: 'id',
        what: 'This blocking episode is not kept any more.',
        why: 'Episodes are kept for 35 days, and at most 2,000 of one environment.',
        next: 'Choose another one.',
      });
    }),
  });

  return {
    router,
    sample: (id, sample) => episodes.see(id, sample),
    /** A signal of this console's own was obeyed by these sessions. */
    noteSignal: episodes.noteSignal,
    advise: async ({ id, connection }) => ({
      advice: jamAdvice(lockGraphOf(await takeLockSample(pool(id), now()))),
      limits: await limitsOf(id, connection.user),
    }),
    roll: (at) => store.drop(at),
    forget: episodes.forget,
    close: async () => {
      episodes.close();
      await Promise.all(looking);
    },
  } satisfies MonitoringRoom<typeof router> & { noteSignal: typeof episodes.noteSignal };
}
