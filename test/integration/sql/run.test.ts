import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent, StatementRisk } from '../../../preload/contract/sql.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let howdah: TestConsole;

beforeAll(async () => {
  server = await startPostgres();
  await server.query(`CREATE TABLE t (id int PRIMARY KEY, note text);
    INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 10) n;
    CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1000, $$sneaked$$) RETURNING id'`);
  howdah = await openTestConsole();
  for (const protection of ['open', 'guarded', 'read-only'] as const) {
    await howdah.client.environments.add({
      draft: draftFor(server.url(), { name: protection, protection }),
      password: { password: 'postgres', remember: false },
    });
    await howdah.client.environments.connect({ environment: protection });
  }
}, 120_000);
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
});

interface Options {
  as?: StatementRisk;
  environment?: string;
  tab?: string;
  mode?: 'autocommit' | 'transaction';
  confirm?: string;
  values?: Record<string, string | null>;
  timeoutMs?: number;
  rowLimit?: number;
}

/** Runs statements in a tab and gives all that was told. */
async function run(statements: string | string[], options: Options = {}) {
  const { as = 'read', environment = 'open', tab = 'one', mode = 'autocommit' } = options;
  const input = {
    environment,
    tab,
    mode,
    statements: [statements].flat().map((text) => ({ text, values: options.values })),
    statementTimeoutMs: options.timeoutMs ?? 20_000,
    rowLimit: options.rowLimit ?? 2_000_000,
    stopOnError: true,
    ...(options.confirm ? { confirm: options.confirm } : {}),
  };
  const { run: reads, change, destroy } = howdah.client.sql;
  const events: RunEvent[] = [];
  for await (const event of await { read: reads, change, destroy }[as](input)) {
    events.push(event);
  }
  const of = <K extends RunEvent['kind']>(kind: K) =>
    events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);
  const result = of('columns').at(-1)?.result;
  return { events, of, result, problem: of('failed')[0]?.problem, state: of('state').at(-1)?.state };
}

const rowsOf = async (result: string | undefined, from = 0, count = 100) =>
  (await howdah.client.sql.rows({ result: result ?? '', from, count })).rows;

describe('a statement of the workbench', () => {
  it('gives values as the server prints them, NULL unlike the empty text, with the names of their types', async () => {
    const { result, of } =
      await run(`SELECT 12345678901234567890.5000::numeric(24,4) AS n, NULL::text AS a, '' AS a, '{1,NULL,3}'::int[],
      '[1,3)'::int4range, '\\xdead'::bytea, '{"b": 1, "a": [1, 2]}'::json, 9007199254740993::int8, true, 'infinity'::timestamptz`);
    expect(await rowsOf(result)).toEqual([
      [
        '12345678901234567890.5000',
        null,
        '',
        '{1,NULL,3}',
        '[1,3)',
        '\\xdead',
        '{"b": 1, "a": [1, 2]}',
        '9007199254740993',
        't',
        'infinity',
      ],
    ]);
    await eventually(async () => of('columns').length > 0);
    const types = of('columns')
      .at(-1)
      ?.columns.map(({ name, kind }) => [name, kind]);
    expect(types?.slice(0, 4)).toEqual([
      ['n', 'number'],
      ['a', 'text'],
      ['a', 'text'],
      ['int4', 'array'],
    ]);
    expect(of('done')[0]).toMatchObject({ tag: 'SELECT 1', rows: 1, more: null });
  });

  it('places an error where the server sees it, past parameters and wide characters', async () => {
    const { of } = await run(`SELECT '🐘🐘', :much, wrong FROM t`, { values: { much: 'a long value' } });
    expect(of('failed')[0]).toMatchObject({ position: 22, problem: { server: { sqlstate: '42703' } } });
  });

  it('sends the values of its parameters beside the text, and as literals where the server takes none', async () => {
    const { result } = await run(
      `SELECT note, ':id' AS quoted, '1'::int FROM t WHERE id = :id AND note <> :'other'`,
      {
        values: { id: '3', other: "x'; DROP TABLE t; --" },
      },
    );
    expect(await rowsOf(result)).toEqual([['row 3', ':id', '1']]);
    await run(`SET application_name = :'name'`, { values: { name: "it's \\ a name" } });
    const { result: shown } = await run('SHOW application_name');
    expect(await rowsOf(shown)).toEqual([["it's \\ a name"]]);
  });

  it('tells notices, and gives the lines of COPY TO stdout', async () => {
    const { of, result } = await run(
      ['DO $$ BEGIN RAISE WARNING $w$look$w$ USING hint = $h$here$h$; END $$'],
      {
        as: 'change',
      },
    );
    expect(result).toBeUndefined();
    expect(of('notice')[0]).toMatchObject({ severity: 'WARNING', message: 'look', hint: 'here' });
    const copy = await run('COPY (SELECT id, note FROM t WHERE id < 3 ORDER BY id) TO STDOUT');
    expect(await rowsOf(copy.result)).toEqual([['1\trow 1'], ['2\trow 2']]);
  });

  it('streams a million rows and gives any of them, sorted and filtered too', async () => {
    const { result, of } = await run(
      'SELECT n, md5(n::text) AS hash, n % 7 AS rest FROM generate_series(1, 1000000) n',
    );
    expect(of('done')[0]).toMatchObject({ rows: 1_000_000, more: null });
    expect(of('done')[0]?.firstRowMs).toBeLessThan(1000);
    expect(await rowsOf(result, 999_998)).toEqual([
      ['999999', expect.stringMatching(/^[0-9a-f]{32}$/), String(999_999 % 7)],
      ['1000000', expect.any(String), String(1_000_000 % 7)],
    ]);
    const arranged = await howdah.client.sql.arrange({
      result: result ?? '',
      arrangement: {
        sort: [
          { column: 2, descending: true },
          { column: 0, descending: true },
        ],
        filters: [{ column: 0, text: '99999' }],
      },
    });
    const { rows } = await howdah.client.sql.rows({
      result: result ?? '',
      from: 0,
      count: 3,
      arrangement: arranged.arrangement,
    });
    const expected = Array.from({ length: 1_000_000 }, (_, index) => index + 1)
      .filter((n) => String(n).includes('99999'))
      .sort((a, b) => (b % 7) - (a % 7) || b - a);
    expect(arranged.count).toBe(expected.length);
    expect(rows.map(([n]) => Number(n))).toEqual(expected.slice(0, 3));
  }, 60_000);

  it('stops at the row limit and says that there is more; a long value is cut and had whole on demand', async () => {
    const { of } = await run('SELECT * FROM generate_series(1, 100000)', { rowLimit: 1234 });
    expect(of('done')[0]).toMatchObject({ rows: 1234, more: 'fetched up to the limit of 1234 rows' });
    const { result } = await run(`SELECT repeat('ab', 1500000)`);
    const { rows, cut } = await howdah.client.sql.rows({ result: result ?? '', from: 0, count: 1 });
    expect(rows[0]?.[0]).toHaveLength(1000);
    expect(cut).toEqual([{ row: 0, column: 0, length: 3_000_000 }]);
    const value = await howdah.client.sql.value({ result: result ?? '', row: 0, column: 0, from: 2_500_000 });
    expect(value).toEqual({ text: 'ab'.repeat(250_000), length: 3_000_000 });
  });
});

describe('a tab', () => {
  it('cancels its statement on the server', async () => {
    const running = run('SELECT pg_sleep(60)', { tab: 'sleeper' });
    const active = `SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'`;
    await eventually(async () => (await server.query(active)).length === 1);
    expect(await howdah.client.sql.cancel({ environment: 'open', tab: 'sleeper' })).toBe(true);
    expect(await server.query(active)).toEqual([]);
    const { problem, state } = await running;
    expect(problem).toMatchObject({ cause: 'cancelled', what: 'The statement was cancelled.' });
    expect(state).toMatchObject({ session: 'open', transaction: 'none', running: null });
    expect((await run('SELECT 1', { tab: 'sleeper' })).of('done')).toHaveLength(1);
  });

  it('keeps its transaction, its failure, and what a lost session took with it, in sight', async () => {
    const tab = 'transactional';
    const first = await run(`INSERT INTO t VALUES (50, 'mine')`, { as: 'change', mode: 'transaction', tab });
    expect(first.state).toMatchObject({ transaction: 'open', transactionStatements: 1 });
    expect(await server.query('SELECT FROM t WHERE id = 50')).toEqual([]);
    const failed = await run('SELECT nothing', { mode: 'transaction', tab });
    expect(failed.state).toMatchObject({ transaction: 'failed' });
    const rolledBack = await howdah.client.sql.end({ environment: 'open', tab, how: 'rollback' });
    expect(rolledBack).toMatchObject({ transaction: 'none', transactionSince: null });
    await run(`INSERT INTO t VALUES (51, 'kept')`, { as: 'change', mode: 'transaction', tab });
    await howdah.client.sql.end({ environment: 'open', tab, how: 'commit' });
    expect(await server.query('SELECT id FROM t WHERE id > 49')).toEqual([{ id: 51 }]);
    const { state } = await run(`DELETE FROM t WHERE id = 51`, { as: 'destroy', mode: 'transaction', tab });
    await server.query(`SELECT pg_terminate_backend(${state?.pid})`);
    const states = await howdah.client.sql.watch({ environment: 'open', tab });
    for await (const seen of states) {
      if (seen.session !== 'lost') continue;
      expect(seen.lost?.why).toContain('rolled back its open transaction with 1 statement');
      break;
    }
    const again = await run('SELECT id FROM t WHERE id = 51', { tab });
    expect(await rowsOf(again.result)).toEqual([['51']]);
    expect(again.state).toMatchObject({ session: 'open', lost: null });
  });

  it('ends a statement at its timeout, and closes its session with itself', async () => {
    const { problem, state } = await run('SELECT pg_sleep(30)', { tab: 'timed', timeoutMs: 200 });
    expect(problem?.server?.sqlstate).toBe('57014');
    await howdah.client.sql.close({ environment: 'open', tab: 'timed' });
    await eventually(
      async () => (await server.query(`SELECT FROM pg_stat_activity WHERE pid = ${state?.pid}`)).length === 0,
    );
  });
});

describe('protection in the workbench', () => {
  const count = async (): Promise<string> =>
    (await server.query<{ n: string }>('SELECT count(*) AS n FROM t WHERE id >= 1000'))[0]?.n ?? '';

  it.each([
    ['a mutating function', ['SELECT writes()']],
    ['what ends the transaction first', ['COMMIT', 'SELECT writes()']],
    ['a chained transaction', ['BEGIN', 'COMMIT AND CHAIN', 'SET TRANSACTION READ WRITE', 'SELECT writes()']],
    ['its own transaction', ['BEGIN READ WRITE', 'SELECT writes()']],
    ['a default for later', ['SET default_transaction_read_only = off', 'SELECT writes()']],
    ['session characteristics', ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', 'SELECT writes()']],
    ['a change of mind', ['BEGIN', 'SELECT 1', 'SET transaction_read_only = off', 'SELECT writes()']],
    [
      'a savepoint',
      ['BEGIN', 'SAVEPOINT a', 'SET LOCAL transaction_read_only = off', 'ROLLBACK TO a', 'SELECT writes()'],
    ],
    ['a prepared statement', ['PREPARE p AS INSERT INTO t VALUES (1001)', 'EXECUTE p']],
  ])('refuses in a read-only environment, by the server: %s', async (_name, statements) => {
    for (const mode of ['autocommit', 'transaction'] as const) {
      for (const text of statements) await run(text, { environment: 'read-only', tab: 'ro', mode });
      await howdah.client.sql.end({ environment: 'read-only', tab: 'ro', how: 'commit' });
    }
    expect(await count()).toBe('0');
  });

  it('takes no two statements as one', async () => {
    const { problem } = await run('SELECT 1; SELECT writes()', { environment: 'read-only', tab: 'two' });
    expect(problem?.server?.sqlstate).toBe('42601');
    expect(await count()).toBe('0');
  });

  it('refuses changes in a read-only environment, and wants the name in a guarded one', async () => {
    const insert = 'INSERT INTO t VALUES (1002)';
    await expect(run(insert, { as: 'change', environment: 'read-only' })).rejects.toMatchObject({
      code: 'PROTECTED_READ_ONLY',
    });
    await expect(run(insert, { as: 'change', environment: 'guarded' })).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
    const { problem } = await run(insert, { environment: 'guarded' });
    expect(problem?.cause).toBe('needs-confirmation');
    const sneaked = await run('SELECT writes()', { environment: 'guarded' });
    expect(sneaked.problem).toMatchObject({ cause: 'read-only-transaction' });
    expect(await count()).toBe('0');
    await run(insert, { as: 'change', environment: 'guarded', confirm: 'guarded' });
    expect(await count()).toBe('1');
  });

  it('lets only reading be read within a guarded transaction that writes', async () => {
    const at = { environment: 'guarded', tab: 'mixed', mode: 'transaction' } as const;
    await run('UPDATE t SET note = $$x$$ WHERE id = 1', { ...at, as: 'change', confirm: 'guarded' });
    const { problem, state } = await run('SELECT writes()', at);
    expect(problem).toMatchObject({ cause: 'read-only-transaction' });
    expect(state).toMatchObject({ transaction: 'open' });
    const read = await run('SELECT note FROM t WHERE id = 1', at);
    expect(await rowsOf(read.result)).toEqual([['x']]);
    await run('DELETE FROM t WHERE id = 2', { ...at, as: 'destroy', confirm: 'guarded' });
    await howdah.client.sql.end({ environment: 'guarded', tab: 'mixed', how: 'commit' });
    expect(await server.query('SELECT id, note FROM t WHERE id < 3')).toEqual([{ id: 1, note: 'x' }]);
  });

  it('writes changes into the audit log, with what was run', async () => {
    const { entries } = await howdah.client.audit.list({ limit: 50 });
    const changed = entries.find(({ procedure }) => procedure === 'sql.destroy');
    expect(JSON.stringify(changed)).toContain('DELETE FROM t WHERE id = ');
  });
});
