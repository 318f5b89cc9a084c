import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { draftFor } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

describe('the pool of an environment', () => {
  let server: TestServer;
  const pools: ServerPool[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await server?.remove();
  });
  const open = (parameters: Record<string, string> = {}): ServerPool => {
    const { connection } = draftFor(server.url());
    const pool = openPool(
      { connection: { ...connection, parameters }, password: 'postgres' },
      { way: { target: connection, tls: false, pooled: false } },
    );
    pools.push(pool);
    return pool;
  };
  const pid = async (pool: ServerPool) =>
    (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;

  it('names its sessions and gives every one its timeouts before its first statement', async () => {
    const rows = await open().query(`SELECT current_setting('application_name') AS name,
      current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`);
    expect(rows).toEqual([{ name: 'howdah', statement: '15s', lock: '500ms' }]);
  });

  it('opens sessions only when they are needed, at most four, fewer when the URL says so', async () => {
    const four = open();
    expect(four.cost().sessions).toBe(0);
    await Promise.all(Array.from({ length: 12 }, () => four.query('SELECT pg_sleep(0.05)')));
    expect(four.cost().sessions).toBe(4);
    const one = open({ pool_max_conns: '1' });
    await Promise.all(Array.from({ length: 3 }, () => one.query('SELECT 1')));
    expect(one.cost().sessions).toBe(1);
  });

  it('keeps a session after an error of the statement, and replaces one that was ended', async () => {
    const pool = open({ pool_max_conns: '1' });
    const first = await pid(pool);
    await expect(pool.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await pid(pool)).toBe(first);
    await server.query(`SELECT pg_terminate_backend(${first})`);
    const second = await pid(pool).catch(() => pid(pool));
    expect(second).not.toBe(first);
  });

  it('loses nothing of int8, numeric and timestamps', async () => {
    const [row] = await open().query(
      "SELECT 9007199254740993::int8 AS big, 0.10000000000000000001::numeric AS exact, '2026-01-01 00:00:00.123456+00'::timestamptz::text AS at",
    );
    expect(row).toMatchObject({ big: '9007199254740993', exact: '0.10000000000000000001' });
    expect(String(row?.at)).toContain('.123456');
  });
});
