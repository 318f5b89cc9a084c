import { expect } from 'vitest';
import type { VersionCheck } from './check.ts';

/** A statement of the role's own and one of the superuser's, run `times` each. */
const ownText = 'SELECT sum(own_part) FROM generate_series($1, $2) AS g(own_part)';
const othersText = 'SELECT max(others_part) FROM generate_series($1, $2) AS g(others_part)';

export const checks: VersionCheck[] = [
  {
    name: 'counts statements in a window, and tells what this role can’t see',
    run: async ({ client, server, as, major }) => {
      const environment = as;
      await client.queries.snapshotNow({ environment });
      const own = await server.connect({ user: as });
      const others = await server.connect();
      for (let time = 0; time < 3; time += 1) {
        await own.query('SELECT sum(own_part) FROM generate_series(1, 1000) AS g(own_part)');
        await others.query('SELECT max(others_part) FROM generate_series(1, 1000) AS g(others_part)');
      }
      await Promise.all([own.end(), others.end()]);
      const taken = await client.queries.snapshotNow({ environment });
      expect(taken.moved).toBeGreaterThan(1);

      for (const source of ['window', 'reset'] as const) {
        const top = await client.queries.top({ environment, window: '1h', source, limit: 1000 });
        const mine = top.rows.find(({ text }) => text === ownText);
        expect(mine).toMatchObject({ user: as, database: 'postgres', topLevel: true });
        expect(mine?.figures.calls).toBeGreaterThanOrEqual(3);
        expect(mine?.figures.rows).toBe(mine?.figures.calls);
        expect(mine?.figures.execMs).toBeGreaterThan(0);
        expect(mine?.share).toBeGreaterThan(0);
        const theirs = top.rows.find(({ text }) => text === othersText);
        const hidden = top.rows.find(({ user, queryId }) => user === 'postgres' && queryId === null);
        const limit = top.limits.find(({ cause }) => cause === 'statements-hidden');
        if (as === 'plain') {
          expect(theirs).toBeUndefined();
          expect(hidden).toMatchObject({ text: null });
          expect(hidden?.figures.calls).toBeGreaterThanOrEqual(3);
          expect(limit?.command).toBe('GRANT pg_read_all_stats TO "plain";');
        } else {
          expect(theirs?.figures.calls).toBeGreaterThanOrEqual(3);
          expect(hidden).toBeUndefined();
          expect(limit).toBeUndefined();
        }
        // The parts make up the whole.
        const sum = top.rows.reduce((all, { figures }) => all + figures.calls, top.rest.figures.calls);
        expect(sum).toBe(top.total.calls);
        // Written-ahead bytes since 13, JIT since 15; I/O times are not measured by default.
        expect(top.total.walBytes).not.toBeNull();
        expect(top.total.jitMs === null).toBe(major < 15);
        expect(top.total.ioReadMs).toBeNull();
        expect(top.total.planMs).toBeNull();
      }
    },
  },
  {
    name: 'shows one statement whole, with its trend',
    run: async ({ client, as, major }) => {
      const { rows } = await client.queries.top({
        environment: as,
        window: '1h',
        search: 'own_part',
        user: as,
      });
      const detail = await client.queries.statement({
        environment: as,
        window: '1h',
        key: rows[0]?.key ?? '',
      });
      expect(detail).toMatchObject({ text: ownText, textCut: false, user: as });
      expect(detail.figures.calls).toBeGreaterThanOrEqual(3);
      expect(detail.sinceReset?.calls).toBe(detail.figures.calls);
      expect(detail.trend.calls.some((rate) => (rate ?? 0) > 0)).toBe(true);
      // Samples tell query ids from 14 on.
      expect(detail.applications === null).toBe(major < 14);
    },
  },
  {
    name: 'knows how statements are counted',
    run: async ({ client, as, major }) => {
      const state = await client.queries.state({ environment: as });
      expect(state).toMatchObject({
        extension: { schema: 'public', usable: true },
        preloaded: true,
        provider: 'own',
        track: 'top',
        trackIoTiming: false,
        steps: [],
      });
      expect(state.computeQueryId).toBe(major < 14 ? null : 'auto');
      expect(state.resetAt === null).toBe(major < 14);
      expect(state.entries).toBeGreaterThan(0);
      expect((state.hidden ?? 0) > 0).toBe(as === 'plain');
    },
  },
  {
    name: 'resets one statement where the role may, and says what lacks where not',
    run: async ({ client, as }) => {
      const environment = as;
      const list = (): Promise<{ rows: { key: string; figures: { calls: number } }[] }> =>
        client.queries.top({ environment, window: '1h', source: 'reset', search: 'own_part', user: as });
      const [row] = (await list()).rows;
      const reset = client.queries.reset({ environment, key: row?.key ?? '' });
      if (as === 'postgres') {
        await reset;
        expect((await list()).rows).toEqual([]);
        // What was kept stays.
        const kept = await client.queries.top({ environment, window: '1h', search: 'own_part', user: as });
        expect(kept.rows[0]?.figures.calls).toBe(row?.figures.calls);
      } else {
        await expect(reset).rejects.toMatchObject({ data: { cause: 'statements-reset-denied' } });
      }
    },
  },
  {
    name: 'finds nothing slower where there is no week before',
    run: async ({ client, as }) => {
      const answer = await client.queries.regressions({ environment: as, window: '1h' });
      expect(answer).toMatchObject({ rows: [], compared: 0, beforeCoveredMs: 0 });
    },
  },
];
