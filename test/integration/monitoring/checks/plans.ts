import { expect } from 'vitest';
import type { PlanOutcome } from '../../../../preload/contract/plans.ts';
import type { VersionCheck } from './check.ts';

const answerOf = (outcome: PlanOutcome) => {
  if (outcome.kind !== 'planned') throw new Error(outcome.asked.explanation.what);
  return outcome.answer;
};

export const checks: VersionCheck[] = [
  {
    name: 'explains, analyses and looks up statements',
    run: async ({ client, server, as, major }) => {
      const { plans } = client.queries;
      const plain = answerOf(
        await plans.explain({ environment: as, text: 'SELECT 1 AS one -- and no more' }),
      );
      expect(plain).toMatchObject({ origin: { how: 'plain' }, plan: { analyzed: false, measure: 'cost' } });

      const open = 'SELECT relname FROM pg_catalog.pg_class WHERE oid = $1 AND relname LIKE $2 LIMIT $3';
      const generic = answerOf(await plans.explain({ environment: as, text: open }));
      expect(generic.origin.how).toBe(major >= 16 ? 'generic' : 'prepared');
      expect(generic.plan.nodes[0]?.type).toBe('Limit');
      const given = answerOf(
        await plans.explain({ environment: as, text: open, parameters: ['1259', 'pg%', '5'] }),
      );
      expect(given.origin.how).toBe('parameters');

      const asked = await plans.analyze({ environment: as, text: open });
      expect(asked).toMatchObject({ kind: 'asked', asked: { types: ['oid', 'text', 'bigint'] } });
      for (const run of [plans.analyze, plans.analyzeReadOnly]) {
        const { plan } = answerOf(
          await run({ environment: as, text: open, parameters: ['1259', 'pg%', '5'] }),
        );
        expect(plan).toMatchObject({ analyzed: true, measure: 'time' });
        expect(plan.nodes[0]).toMatchObject({ rows: 1, loops: 1 });
        expect(plan.nodes.every(({ buffers }) => buffers !== null)).toBe(true);
      }

      const marked = `SELECT count(*) AS of_${as} FROM pg_catalog.pg_am WHERE amname <> 'none'`;
      const session = await server.connect({ user: as });
      await session.query(marked);
      const [row] = await server.query<{ key: string }>(
        `SELECT concat_ws('.', userid, dbid, queryid, 't') AS key FROM pg_stat_statements WHERE query LIKE '%of_${as} FROM%'`,
      );
      const facts = await plans.statement({ environment: as, key: row?.key ?? '' });
      expect(facts).toMatchObject({
        class: 'reads',
        parameters: 1,
        refusal: null,
        user: as,
        database: 'postgres',
      });
      expect(
        answerOf(await plans.explain({ environment: as, key: row?.key ?? '' })).plan.nodes.length,
      ).toBeGreaterThan(1);
      // The row of another role is shown to those only that may see all.
      const [other] = await server.query<{ key: string }>(
        "SELECT concat_ws('.', userid, dbid, queryid, 't') AS key FROM pg_stat_statements WHERE query LIKE 'CREATE EXTENSION%'",
      );
      const foreign = await plans.statement({ environment: as, key: other?.key ?? '' });
      expect(foreign.refusal?.cause).toMatch(as === 'plain' ? /statement-gone|text-hidden/ : /no-plan/);
    },
  },
];
