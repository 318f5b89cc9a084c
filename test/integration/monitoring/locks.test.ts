import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockingTree } from '../../../preload/contract/blocking-tree.ts';
import type { Episode, LockGraph } from '../../../preload/contract/locks.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { type Driven, openDriven } from './driven.ts';

let server: TestServer;
let driven: Driven;
let sessions: pg.Client[] = [];

beforeAll(async () => {
  server = await startPostgres({
    settings: { max_prepared_transactions: 4, max_parallel_workers_per_gather: 2 },
  });
  await server.query(`CREATE TABLE account (id int PRIMARY KEY, balance int);
    INSERT INTO account SELECT n, 0 FROM generate_series(1, 10) n;
    CREATE TABLE ledger (id int);
    CREATE ROLE plain LOGIN PASSWORD 'postgres'`);
});
afterAll(() => server?.remove());
beforeEach(() => {
  driven = openDriven(server);
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.end().catch(() => undefined)));
  sessions = [];
  await driven.remove();
});

async function session(application: string): Promise<pg.Client> {
  const client = await server.connect({ application });
  sessions.push(client);
  return client;
}

/** Runs something that will wait; comes back once it does. */
async function waits(client: pg.Client, sql: string): Promise<void> {
  void client.query(sql).catch(() => undefined);
  const { processID } = client as unknown as { processID: number };
  await eventually(async () => {
    const [row] = await server.query<{ waits: boolean }>(
      `SELECT cardinality(pg_blocking_pids(${processID})) > 0 AS waits`,
    );
    return row?.waits;
  });
}

const touch = (id: number): string => `UPDATE account SET balance = balance + 1 WHERE id = ${id}`;
const pidOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;

/** The tree with the names of applications. */
function drawn(graph: LockGraph): string[] {
  const names = new Map(graph.parties.map(({ pid, application, gid }) => [pid, gid ?? application]));
  return blockingTree(graph.parties)
    .lines.filter(({ repeated }) => !repeated)
    .map(({ depth, pid }) => `${'  '.repeat(depth)}${names.get(pid)}`);
}

async function episodes(): Promise<Episode[]> {
  return (await driven.client.locks.episodes({ environment: 'jammed', window: '24h' })).episodes;
}

it('draws a jam to its root and keeps it as an episode until the root’s transaction ends', async () => {
  const root = await session('root');
  await root.query('BEGIN');
  await root.query(touch(1));
  const chain = await Promise.all(['first', 'second', 'third'].map(session));
  for (const [place, one] of chain.entries()) {
    await one.query('BEGIN');
    await one.query(touch(place + 2));
    await waits(one, touch(place + 1));
  }
  for (const name of ['fan a', 'fan b']) await waits(await session(name), touch(3));

  const graph = await driven.client.locks.graph({ environment: 'jammed' });
  expect(drawn(graph)).toEqual([
    'root',
    '  first',
    '    second',
    '      third',
    '        fan a',
    '          fan b',
  ]);
  expect(graph).toMatchObject({ roots: 1, waiting: 5, deadlocks: { count: '0' } });
  expect(graph.longestWaitMs).toBeGreaterThan(0);
  expect(graph.parties[0]).toMatchObject({ state: 'idle in transaction', query: touch(1), waitsFor: null });
  expect(graph.locks.map(({ mode }) => mode)).toContain('ShareLock');

  await driven.sample();
  expect(await episodes()).toEqual([]);
  await driven.sample();
  expect(await episodes()).toMatchObject([
    { ended: null, end: null, mostWaiters: 5, samples: 2, root: { application: 'root' } },
  ]);
  await root.query('COMMIT');
  const [next] = chain as [pg.Client];
  await eventually(async () => {
    const { backends } = await driven.sample(10);
    return backends.find(({ pid }) => pid === pidOf(next))?.blockedBy.length === 0;
  });
  await driven.sample();
  const [second, first] = await episodes();
  expect(first).toMatchObject({ end: 'transaction-ended', mostWaiters: 5, root: { application: 'root' } });
  expect(first?.waitedMs).toBeGreaterThan(first?.longestWaitMs ?? 0);
  // What it held up holds up the others now, from then on.
  expect(second).toMatchObject({ end: null, mostWaiters: 4, root: { application: 'first' } });
  expect(second?.began).toBeGreaterThan(first?.began ?? 0);
  const detail = await driven.client.locks.episode({ environment: 'jammed', id: first?.id ?? 0 });
  expect(drawn(detail.worst)).toHaveLength(6);
  expect(detail.leftOut).toBe(0);
});

it('tells that its own signal ended it, that the session went by itself, and that the waiters gave up', async () => {
  const jam = async (): Promise<{ root: pg.Client; waiter: pg.Client }> => {
    const [root, waiter] = [await session('root'), await session('waiter')];
    await root.query('BEGIN');
    await root.query(touch(1));
    await waits(waiter, touch(1));
    await driven.sample();
    await driven.sample();
    return { root, waiter };
  };
  const gone = (client: pg.Client) =>
    eventually(async () => {
      const rows = await server.query(`SELECT FROM pg_stat_activity WHERE pid = ${pidOf(client)}`);
      return rows.length === 0;
    });

  const ours = await jam();
  await server.query(`SELECT pg_terminate_backend(${pidOf(ours.root)})`);
  await gone(ours.root);
  driven.locks.noteSignal('jammed', 'terminate', [pidOf(ours.root)]);
  await driven.sample();
  const itself = await jam();
  await itself.root.end();
  await gone(itself.root);
  await driven.sample();
  const given = await jam();
  await server.query(`SELECT pg_cancel_backend(${pidOf(given.waiter)})`);
  await eventually(async () =>
    (await driven.sample(10)).backends.every(({ blockedBy }) => blockedBy.length === 0),
  );
  expect((await episodes()).map(({ end }) => end)).toEqual([
    'waiters-left',
    'session-ended',
    'terminated-here',
  ]);
});

it('names the prepared transaction that stands in the way, live and in history', async () => {
  const preparing = await session('preparing');
  await preparing.query(`BEGIN; ${touch(1)}; ${touch(2)}; PREPARE TRANSACTION 'transfer 1'`);
  await preparing.query(`BEGIN; LOCK TABLE ledger IN SHARE MODE; PREPARE TRANSACTION 'report'`);
  await preparing.query(`BEGIN; LOCK TABLE ledger IN ACCESS SHARE MODE; PREPARE TRANSACTION 'harmless'`);
  try {
    await waits(await session('by row'), touch(1));
    await waits(await session('by table'), 'INSERT INTO ledger VALUES (1)');
    const graph = await driven.client.locks.graph({ environment: 'jammed' });
    expect(drawn(graph)).toEqual(['transfer 1', '  by row', 'report', '  by table']);
    expect(graph.parties[0]).toMatchObject({ kind: 'prepared', user: 'postgres', database: 'postgres' });
    await driven.sample();
    const sample = await driven.sample();
    expect(sample.prepared.map(({ gid }) => gid).sort()).toEqual(['report', 'transfer 1']);
    await server.query("ROLLBACK PREPARED 'transfer 1'");
    await eventually(async () => (await driven.sample(10)).prepared.length === 1);
    await eventually(async () => {
      const ends = (await episodes()).map(({ root, end }) => `${root.gid}: ${end}`);
      return ends.includes('transfer 1: transaction-ended') && ends.includes('report: null');
    });
  } finally {
    for (const { gid } of await server.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts'))
      await server.query(`ROLLBACK PREPARED '${gid}'`);
  }
});

it('counts the processes of a parallel query as one', async () => {
  await server.query(`CREATE FUNCTION looked(int) RETURNS bigint PARALLEL SAFE LANGUAGE plpgsql
      AS 'BEGIN RETURN (SELECT count(*) FROM ledger); END';
    CREATE TABLE big AS SELECT n FROM generate_series(1, 20000) n`);
  const root = await session('root');
  await root.query('BEGIN; LOCK TABLE ledger IN ACCESS EXCLUSIVE MODE');
  const parallel = await session('parallel');
  await parallel.query(`SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
    SET parallel_leader_participation = off`);
  void parallel.query('SELECT count(*) FROM big WHERE looked(n) >= n').catch(() => undefined);
  const graph = await eventually(async () => {
    const seen = await driven.client.locks.graph({ environment: 'jammed' });
    return seen.parties.some(({ workers }) => workers > 0) && seen;
  });
  expect(drawn(graph)).toEqual(['root', '  parallel']);
  expect(graph).toMatchObject({
    waiting: 1,
    locks: [{ target: 'ledger', mode: 'AccessShareLock', waiters: 1 }],
  });
  expect(graph.parties[1]?.blockedBy).toEqual([pidOf(root)]);
});

describe('an episode over the end of the console', () => {
  const jam = async (): Promise<pg.Client> => {
    const root = await session('root');
    await root.query('BEGIN');
    await root.query(touch(1));
    await waits(await session('waiter'), touch(1));
    await driven.sample();
    await driven.sample();
    return root;
  };

  it('goes on where it still does, and has an unknown end where nobody watched', async () => {
    const root = await jam();
    await driven.restart();
    await driven.sample(60 * 60_000);
    const [going, ...none] = await episodes();
    expect(none).toEqual([]);
    expect(going).toMatchObject({ ended: null, samples: 3 });
    await driven.restart();
    await root.end();
    await eventually(async () => (await server.query('SELECT FROM pg_locks WHERE NOT granted')).length === 0);
    await driven.sample(60 * 60_000);
    const [ended] = await episodes();
    expect(ended).toMatchObject({ id: going?.id, end: 'unknown', ended: going?.lastSeen });
  });

  it('is ended by a restart of the server', async () => {
    await jam();
    await server.stop('immediate');
    await server.start();
    driven.reconnect();
    driven.events.push({
      at: driven.now + 1000,
      kind: 'server-restarted',
      text: 'The server was restarted.',
    });
    await driven.sample();
    expect(await episodes()).toMatchObject([{ end: 'server-restarted' }]);
  });
});

it('counts what a single sample saw, and forgets after 35 days', async () => {
  const root = await session('root');
  await root.query('BEGIN');
  await root.query(touch(1));
  await waits(await session('waiter'), touch(1));
  await driven.sample();
  await root.query('COMMIT');
  await eventually(async () =>
    (await driven.sample(10)).backends.every(({ blockedBy }) => blockedBy.length === 0),
  );
  const seen = await driven.client.locks.episodes({ environment: 'jammed', window: '1h' });
  expect(seen).toMatchObject({ episodes: [], brief: { episodes: 1 } });
  driven.locks.roll(driven.now + 36 * 24 * 3_600_000);
  const later = await driven.client.locks.episodes({ environment: 'jammed', window: '1h' });
  expect(later.brief.episodes).toBe(0);
});

it('shows a plain role who waits for whom, without what is not its own to see', async () => {
  const root = await session('root');
  await root.query('BEGIN');
  await root.query(touch(1));
  const waiter = await session('waiter');
  await waits(waiter, touch(1));
  const plain = openDriven(server, 'plain');
  try {
    const graph = await plain.client.locks.graph({ environment: 'jammed' });
    expect(graph.parties.map(({ pid }) => pid)).toEqual([pidOf(root), pidOf(waiter)]);
    expect(graph.parties[1]).toMatchObject({
      state: 'waiting',
      query: null,
      waitsFor: { mode: 'ShareLock' },
    });
    const [limit] = await plain.client.locks.limits({ environment: 'jammed' });
    expect(limit).toMatchObject({ cause: 'limited-visibility', command: 'GRANT pg_monitor TO "plain";' });
  } finally {
    await plain.remove();
  }
});
