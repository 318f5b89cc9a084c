import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type Monitored, openMonitored } from '../../support/monitored.ts';
import { setClock } from '../../support/set-clock.ts';

const clock = setClock('2026-03-01T00:00:00Z');
const environment = 'postgres';
let monitored: Monitored;

beforeAll(async () => {
  monitored = await openMonitored({
    as: ['postgres'],
    console: { jobClock: clock },
    sql: `CREATE TABLE reading (id int PRIMARY KEY, at timestamptz NOT NULL);
      CREATE INDEX ON reading (at);
      INSERT INTO reading SELECT n, now() - n * interval '1 day' FROM generate_series(1, 100) n`,
  });
}, 120_000);
afterAll(() => monitored?.remove());

const rows = async (): Promise<number> =>
  Number((await monitored.server.query<{ n: string }>('SELECT count(*) AS n FROM reading'))[0]?.n);
const retention = () => monitored.client.maintenance.retention;
const runsOf = (job: string) => retention().history({ environment, job });
const draft = (cron: string) => ({
  name: 'old readings',
  schedule: { cron, timeZone: 'Europe/Berlin' },
  target: {
    kind: 'delete' as const,
    schema: 'public',
    table: 'reading',
    column: 'at',
    keep: { count: 90, unit: 'days' as const },
  },
});

it('runs a retention job at its time, once, and writes it into the audit log', async () => {
  await expect(retention().add({ environment, draft: draft('61 * * * *') })).rejects.toMatchObject({
    code: 'INVALID',
  });
  const job = await retention().add({ environment, draft: draft('30 3 * * *') });
  // Half past three in Berlin is half past two by UTC.
  expect(job).toMatchObject({ nextAt: Date.parse('2026-03-01T02:30:00Z'), run: null });
  clock.set('2026-03-01T02:29:59Z');
  expect(await runsOf(job.id)).toEqual([]);
  clock.set('2026-03-01T02:30:30Z');
  const [run] = await eventually(async () => {
    const runs = await runsOf(job.id);
    return runs[0]?.outcome === 'done' && runs;
  });
  expect(run).toMatchObject({ by: 'schedule', rows: 11 });
  expect(await rows()).toBe(89);
  clock.set('2026-03-01T04:00:00Z');
  expect(await runsOf(job.id)).toHaveLength(1);
  const { entries } = await monitored.client.audit.list({ limit: 20 });
  expect(entries.find(({ who }) => who.startsWith('schedule via'))).toMatchObject({
    procedure: 'maintenance.retention.run',
    outcome: 'done',
  });
});

it('makes up for times that passed by one run, and waits while its environment is not connected', async () => {
  const [job] = await retention().list({ environment });
  if (!job) throw new Error('The job is gone.');
  await monitored.client.environments.disconnect({ environment });
  clock.jump('2026-03-09T12:00:00Z');
  expect(await runsOf(job.id)).toHaveLength(1);
  await monitored.client.environments.connect({ environment });
  await monitored.server.query(`INSERT INTO reading VALUES (1000, now() - interval '91 days')`);
  clock.set('2026-03-09T12:01:00Z');
  await eventually(async () => {
    const runs = await runsOf(job.id);
    return runs.length === 2 && runs[0]?.outcome === 'done';
  });
  clock.set('2026-03-09T13:00:00Z');
  expect(await runsOf(job.id)).toHaveLength(2);
  expect(await rows()).toBe(89);
});

it('leaves a job alone once its environment refuses writing', async () => {
  const [job] = await retention().list({ environment });
  if (!job) throw new Error('The job is gone.');
  await monitored.client.environments.update({ environment, changes: { protection: 'read-only' } });
  clock.set('2026-03-12T12:00:00Z');
  expect(await runsOf(job.id)).toHaveLength(2);
  const [now] = await retention().list({ environment });
  expect(now?.trouble).toContain('read-only');
});
