import { expect } from 'vitest';
import openTransactionsSql from '../../../../main/activity/open-transactions.sql?raw';
import { roomOrder } from '../../../../preload/contract/health-words.ts';
import { healthReport } from '../../../support/health-report.ts';
import type { VersionCheck } from './check.ts';

export const checks: VersionCheck[] = [
  {
    name: 'makes the report with every room looked at',
    run: async (at) => {
      const report = await healthReport(at.client, at.as);
      const failed = report.limits.filter(({ cause }) => /^room-/.test(cause));
      expect(failed).toEqual([]);
      expect(report.looks.map(({ room, state }) => [room, state])).toEqual(
        roomOrder.map((room) => [room, 'done']),
      );
      expect(report.facts).toMatchObject({
        role: 'primary',
        user: at.as,
        sight: { postgres: 'superuser', monitor: 'statistics', plain: 'own' }[at.as],
        databaseBytes: expect.stringMatching(/^\d+$/),
        sessions: expect.any(Number),
      });
      expect(await at.client.health.last({ environment: at.as })).toEqual(report);
    },
  },
  {
    name: 'finds views past row-level security, and says how to close them where it can be',
    run: async (at) => {
      const { server, client, major, as } = at;
      // Two roles make it at the same time as the third does.
      await server.query(`
        CREATE SCHEMA IF NOT EXISTS rls_${as};
        DO $$ BEGIN CREATE ROLE rls_keeper; EXCEPTION WHEN duplicate_object THEN END $$;
        DO $$ BEGIN CREATE ROLE rls_reader; EXCEPTION WHEN duplicate_object THEN END $$;
        SET search_path = rls_${as};
        CREATE TABLE hidden (id int, tenant text);
        ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
        CREATE TABLE forced (id int);
        ALTER TABLE forced ENABLE ROW LEVEL SECURITY;
        ALTER TABLE forced FORCE ROW LEVEL SECURITY;
        ALTER TABLE forced OWNER TO rls_keeper;
        CREATE TABLE free (id int);
        CREATE VIEW "leak ""y""" AS SELECT * FROM hidden;
        CREATE VIEW unread AS SELECT * FROM hidden;
        CREATE VIEW harmless AS SELECT * FROM free;
        CREATE VIEW kept AS SELECT * FROM forced;
        ALTER VIEW kept OWNER TO rls_keeper;
        GRANT SELECT ON "leak ""y""", harmless, kept TO rls_reader;
        ${major >= 15 ? 'CREATE VIEW invoked WITH (security_invoker = on) AS SELECT * FROM hidden; GRANT SELECT ON invoked TO rls_reader' : ''}`);
      const found = async () => {
        const report = await healthReport(client, as);
        return report.findings.filter(
          ({ kind, object }) => kind === 'view-past-rls' && object?.startsWith(`rls_${as}.`),
        );
      };
      const views = await found();
      expect(views.map(({ object }) => object)).toEqual([`rls_${as}.leak "y"`]);
      const [view] = views;
      expect(view?.evidence.join(' ')).toContain('rls_reader may read it');
      if (major >= 15) {
        await server.query(view?.statement ?? '');
        expect(await found()).toEqual([]);
      } else expect(view?.statement).toBeNull();
    },
  },
  {
    name: 'sees a transaction left open as far as it may',
    run: async ({ client, server, as }) => {
      const session = await server.connect({ application: 'forgetful' });
      await session.query('BEGIN; SELECT txid_current()');
      const watcher = await server.connect({ user: as });
      try {
        const { rows } = await watcher.query(openTransactionsSql, [0, 0]);
        const seen = rows.filter(({ application }) => application === 'forgetful');
        // Of others a plain role is told neither state nor age.
        expect(seen).toMatchObject(
          as === 'plain'
            ? []
            : [
                {
                  ...{ user: 'postgres', state: 'idle in transaction', has_written: true },
                  ...{ idle_ms: expect.any(Number), xid_age: expect.any(Number) },
                },
              ],
        );
        const report = await healthReport(client, as);
        // Too young to be told: what matters is that the statement runs everywhere, and who sees less hears it.
        expect(report.findings.filter(({ kind }) => kind === 'idle-in-transaction')).toEqual([]);
        const hidden = report.limits.filter(
          ({ cause, room }) => cause === 'limited-visibility' && room === 'activity',
        );
        expect(hidden).toHaveLength(as === 'plain' ? 1 : 0);
        if (as === 'plain') expect(hidden[0]?.command).toBe('GRANT pg_monitor TO "plain";');
      } finally {
        await watcher.end();
        await session.end();
      }
    },
  },
];
