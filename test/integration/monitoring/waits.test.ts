import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { WaitHistory } from '../../../preload/contract/waits.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { type Driven, openDriven, start } from './driven.ts';

const minute = 60_000;
const hour = 60 * minute;
const on = { environment: 'jammed', window: '1h' } as const;

let server: TestServer;
let driven: Driven;
let sessions: pg.Client[];

/** Three sleep, two wait for an advisory lock, one is idle in its transaction and one is idle: five are active. */
beforeAll(async () => {
  server = await startPostgres();
  await server.query("CREATE ROLE plain LOGIN PASSWORD 'postgres'");
  sessions = await Promise.all(
    ['billing 1.2.0', 'billing 1.2.0', 'report', 'queue', 'queue', 'holder', 'idle'].map((application) =>
      server.connect({ application }),
    ),
  );
  const [one, two, three, first, second, holder] = sessions as [pg.Client, ...pg.Client[]];
  await holder?.query('BEGIN; SELECT pg_advisory_xact_lock(7)');
  for (const [place, sleeper] of [one, two, three].entries())
    void sleeper?.query(`SELECT pg_sleep(${600 + place}) -- secret ${place}`).catch(() => undefined);
  for (const waiter of [first, second])
    void waiter?.query("SELECT pg_advisory_lock(7), 'secret'").catch(() => undefined);
  await eventually(async () => {
    const [row] = await server.query<{ waiting: number }>(
      "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type IN ('Lock', 'Timeout')",
    );
    return row?.waiting === 5;
  });
});
afterAll(async () => {
  await server?.query('SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  await server?.remove();
});
beforeEach(() => {
  driven = openDriven(server);
  return () => driven.remove();
});

/** The mean of a series where it is known. */
function meanOf({ series }: WaitHistory, key: string): number {
  const known = (series.find((one) => one.key === key)?.mean ?? []).flatMap((value) => value ?? []);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

it('counts active sessions by what they wait for, as many as there are, and says who they were', async () => {
  for (let beat = 0; beat < 40; beat += 1) await driven.sample();
  const history = await driven.client.waits.history({ ...on, by: 'type' });
  expect(history.series.map(({ key }) => key)).toEqual(['Timeout', 'Lock']);
  expect(meanOf(history, 'Timeout')).toBeCloseTo(3, 5);
  expect(meanOf(history, 'Lock')).toBeCloseTo(2, 5);
  expect(history.coveredMs).toBe(39 * 5000);
  expect(history.hidden.filter((value) => value !== null && value > 0)).toEqual([]);
  // Before the first sample and where none was taken there is a gap and no zero.
  expect(history.series[0]?.mean[0]).toBeNull();

  const by = async (of: 'event' | 'statement' | 'application' | 'user' | 'database', filter = {}) =>
    (await driven.client.waits.top({ ...on, by: of, filter })).shares;
  expect((await by('event')).map(({ key }) => key)).toEqual(['Timeout:PgSleep', 'Lock:advisory']);
  expect(await by('application')).toMatchObject([
    { key: 'billing 1.2.0', ms: 2 * 39 * 5000, byType: { Timeout: 2 * 39 * 5000 } },
    { key: 'queue', byType: { Lock: 2 * 39 * 5000 } },
    { key: 'report' },
  ]);
  const statements = await by('statement');
  expect(statements.map(({ label }) => label)).toEqual([
    'SELECT pg_sleep(?)',
    'SELECT pg_advisory_lock(?), ?',
  ]);
  expect(statements[0]?.queryId).toMatch(/^-?\d+$/);
  expect(await by('application', { type: 'Lock' })).toMatchObject([{ key: 'queue' }]);
  expect(await by('user', { application: 'report' })).toMatchObject([{ key: 'postgres', ms: 39 * 5000 }]);
  expect(await by('database', { application: 'nobody' })).toEqual([]);
  const kept = JSON.stringify(await by('statement', { type: 'Timeout' }));
  expect(kept).not.toContain('secret');
});

it('takes a pause for a gap, and goes on in the same minute after a restart', async () => {
  await driven.sample();
  await driven.sample();
  await driven.sample(30 * minute);
  const { coveredMs } = await driven.client.waits.history({ ...on, by: 'type' });
  expect(coveredMs).toBe(5000 + 2 * 5000);
  await driven.restart();
  // The first one after it stands for no time.
  await driven.sample();
  await driven.sample();
  const after = await driven.client.waits.history({ ...on, by: 'type' });
  expect(after.coveredMs).toBe(5000 + 10_000 + 5000);
  expect(meanOf(after, 'Timeout')).toBeCloseTo(3, 5);
  expect(
    (await driven.client.waits.history({ ...on, from: start - hour, to: start, by: 'type' })).series,
  ).toEqual([]);
});

it('keeps the sums while it makes them coarser, and drops them in the end', async () => {
  for (let beat = 0; beat < 30; beat += 1) await driven.sample();
  const span = { from: start - 10 * minute, to: start + 20 * minute };
  const total = async (): Promise<number[]> => {
    const { totalMs, coveredMs } = await driven.client.waits.top({ ...on, ...span, by: 'type' });
    return [totalMs, coveredMs];
  };
  const whole = await total();
  expect(whole).toEqual([5 * 29 * 5000, 29 * 5000]);
  for (const later of [3 * hour, 3 * 24 * hour, 20 * 24 * hour]) {
    driven.now = start + later;
    driven.waits.roll(driven.now);
    expect(await total()).toEqual(whole);
  }
  driven.waits.roll(start + 40 * 24 * hour);
  driven.now = start + 40 * 24 * hour;
  expect(await total()).toEqual([0, 0]);
});

it('counts what a plain role may not see as hidden, and not as idle', async () => {
  const plain = openDriven(server, 'plain');
  try {
    for (let beat = 0; beat < 3; beat += 1) await plain.sample();
    const history = await plain.client.waits.history({ ...on, by: 'type' });
    // Who waits for a lock is known from pg_locks; the other five are not.
    expect(meanOf(history, 'Lock')).toBeCloseTo(2, 5);
    expect(history.hidden.find((value) => value !== null)).toBeCloseTo(5, 5);
    expect(await plain.client.waits.limits({ environment: 'jammed' })).toMatchObject([
      { cause: 'limited-visibility', what: 'Whether 5 sessions are active is hidden from this role.' },
    ]);
  } finally {
    await plain.remove();
  }
});

it('notes a deploy when an application comes with another version', async () => {
  await driven.sample();
  const next = await server.connect({ application: 'billing 1.3.0' });
  await driven.sample();
  await driven.sample();
  await next.end();
  expect(driven.events).toEqual([
    { at: driven.now - 5000, kind: 'deploy', text: 'billing 1.3.0 (before: 1.2.0)' },
  ]);
});
