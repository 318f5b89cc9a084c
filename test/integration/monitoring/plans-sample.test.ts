import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planAdvice } from '../../../main/queries/plans/index.ts';
import { parametersIn } from '../../../main/queries/plans/run/parameters.ts';
import { removeSample, startSample } from '../../../main/sample/sample.ts';
import { openPool } from '../../../main/servers/index.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import { putSample } from '../../support/kept-sample.ts';

describe('the sample systems', () => {
  const assets = join(import.meta.dirname, '../../../assets/samples');
  let dataFolder: string;
  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'howdah-plans-'));
    await putSample(dataFolder);
  });
  afterAll(async () => {
    await removeSample({ dataFolder });
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('lack one index, and nothing is said of any other statement of their workload', async () => {
    const { host, port, user, password } = await startSample({ dataFolder, assets });
    const advised: string[] = [];
    for (const system of readdirSync(assets)) {
      const folder = join(assets, system, 'workload');
      if (!existsSync(folder)) continue;
      const { connection } = parseConnectionUrl(
        `postgresql://${user}@${host}:${port}/${system}?sslmode=disable`,
      );
      const way = { target: { host, port }, tls: false as const, pooled: false };
      const pool = openPool({ connection, password }, { way });
      for (const file of readdirSync(folder)) {
        const written = readFileSync(join(folder, file), 'utf8');
        // As pg_stat_statements has it: a parameter for each constant.
        let number = parametersIn(written);
        const kept = written.replace(/'[^']*'|(?<![$\w.])\d+\b/g, () => `$${++number}`);
        for (const text of [written, kept]) {
          const found = await planAdvice(pool, { text, queryId: null, share: 0.5, meanMs: 200, calls: 100 });
          for (const { kind, statement } of found) advised.push(`${system} ${file} ${kind} ${statement}`);
        }
      }
      await pool.close();
    }
    const planted =
      'edictflow latest_change_of_teams.sql index-missing CREATE INDEX CONCURRENTLY ON public.change_events (team_id, created_at DESC)';
    expect(advised).toEqual([planted, planted]);
  });
});
