import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { pgbouncer, startPgbouncer, type TestPooler } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const password = { password: 'postgres', remember: false };

if (!pgbouncer) process.stderr.write('PgBouncer is not installed: its tests are skipped.\n');

describe.skipIf(!pgbouncer)('behind a pooler', () => {
  let server: TestServer;
  let howdah: TestConsole;
  const poolers: TestPooler[] = [];
  const pooler = async (
    ...args: Parameters<typeof startPgbouncer> extends [number, ...infer R] ? R : never
  ) => {
    const one = await startPgbouncer(server.port, ...args);
    poolers.push(one);
    return one;
  };
  beforeAll(async () => {
    server = await startPostgres();
    howdah = await openTestConsole({ connect: false });
  });
  afterAll(async () => {
    await howdah?.remove();
    await Promise.all(poolers.map((one) => one.stop()));
    await server?.remove();
  });
  const at = (port: number) => draftFor(server.url().replace(String(server.port), String(port)));

  it('says in which mode it works and what will not work behind it', async () => {
    const session = await pooler('session');
    const transaction = await pooler('transaction');
    const test = (port: number) =>
      howdah.client.environments.test({ connection: at(port).connection, password });
    const one = await test(session.port);
    expect(one).toMatchObject({ good: true, server: { pooled: true } });
    expect(one.findings.map(({ id }) => id)).toEqual(['behind-pooler']);
    const other = await test(transaction.port);
    expect(other).toMatchObject({ good: true, server: { pooled: true } });
    expect(other.findings.map(({ id }) => id)).toEqual(['pooler-transaction-mode']);
    expect(other.findings[0]?.text).toContain('advisory locks');
  });

  it('samples and asks without leaving a setting or a prepared statement to whoever comes next', async () => {
    const { port } = await pooler('transaction', ['default_pool_size = 1']);
    const { id } = await howdah.client.environments.add({ draft: { ...at(port), name: 'pooled' }, password });
    expect((await howdah.client.environments.connect({ environment: id })).state).toBe('connected');
    await howdah.client.metrics.databases({ environment: id, window: '1h' });
    const status = await eventually(async () => {
      const { statuses } = await howdah.client.environments.list();
      const mine = statuses.find(({ environment }) => environment === id);
      return mine?.glance && mine;
    });
    expect(status.findings.map((finding) => finding.id)).toContain('behind-pooler');
    await howdah.client.environments.disconnect({ environment: id });

    // The only backend of that pool, handed to another client of it.
    const { default: pg } = await import('pg');
    const next = new pg.Client({ connectionString: server.url().replace(String(server.port), String(port)) });
    await next.connect();
    const { rows } = await next.query(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
              current_setting('idle_in_transaction_session_timeout') AS idle,
              (SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'howdah%') AS prepared`,
    );
    await next.end();
    expect(rows).toEqual([{ statement: '0', lock: '0', idle: '0', prepared: 0 }]);
  });

  it('bounds every statement there all the same', async () => {
    const { openPool } = await import('../../../main/servers/index.ts');
    const { port } = await pooler('transaction');
    const { connection } = at(port);
    const pool = openPool(
      { connection, password: 'postgres' },
      { way: { target: connection, tls: false, pooled: true }, statementTimeoutMs: 300 },
    );
    try {
      await expect(pool.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
      expect(await pool.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await pool.close();
    }
  });

  it('tells a wrong password and a missing database as what they are', async () => {
    const { port } = await pooler('transaction');
    const { connection } = at(port);
    const wrong = { password: 'nope', remember: false };
    const refused = await howdah.client.environments.test({ connection, password: wrong });
    expect(refused.problem?.cause).toBe('password-wrong');
    const missing = await howdah.client.environments.test({
      connection: { ...connection, database: 'nodb' },
      password,
    });
    expect(missing.problem?.cause).toBe('no-such-database');
  });

  it('names the pooler when it is the one that refuses', async () => {
    const { port } = await pooler('transaction');
    const { connection } = at(port);
    const { problem } = await howdah.client.environments.test({
      connection: { ...connection, parameters: { options: '-c geqo=off' } },
      password,
    });
    // Later versions of PgBouncer take options; then there is nothing to refuse.
    expect(['pooler-refused', undefined]).toContain(problem?.cause);
    if (problem) expect(problem.next).toContain('ignore_startup_parameters');
  });
});
