import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startSample } from '../../../main/sample/sample.ts';
import type { SampleServer } from '../../../main/sample/types.ts';
import { startWorkload, turnAt, type Workload } from '../../../main/sample/workload.ts';
import { plan, sessions } from '../../../main/sample/workload-plan.ts';
import { Session } from '../../../main/sample/workload-session.ts';
import { putSample } from '../../support/kept-sample.ts';
import { startProxy } from '../../support/proxy.ts';
import { assets, dataFolder, rowsOf } from './support.ts';

const worker = new URL('../../../main/sample/workload-worker.ts', import.meta.url);
const applications = [...new Set(Object.values(sessions).map((target) => target.application))];

describe('the workload', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: SampleServer;
  let workload: Workload | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = await dataFolder();
    await putSample(folder.dataFolder);
    server = await startSample({ dataFolder: folder.dataFolder, assets });
    workload = startWorkload(server, { worker, onProblem: (problem) => problems.push(problem) });
  });
  afterAll(async () => {
    await workload?.stop();
    await folder.clean();
  });

  const activity = async (): Promise<{ sessions: number; idleInTransaction: number; blocked: number }> => {
    const [row] = await rowsOf<{ sessions: number; idleInTransaction: number; blocked: number }>(
      server,
      { database: 'postgres' },
      `SELECT count(*)::integer AS sessions,
              count(*) FILTER (WHERE state = 'idle in transaction')::integer AS "idleInTransaction",
              count(*) FILTER (WHERE cardinality(pg_blocking_pids(pid)) > 0)::integer AS blocked
       FROM pg_stat_activity WHERE application_name = ANY($1)`,
      [applications],
    );
    return row ?? { sessions: 0, idleInTransaction: 0, blocked: 0 };
  };

  it('opens no more than 16 sessions, under the systems’ names', async () => {
    await expect.poll(activity, { timeout: 5000 }).toMatchObject({ sessions: Object.keys(sessions).length });
    expect(Object.keys(sessions).length).toBeLessThan(16);
    const known = server.systems.flatMap((system) => system.applications);
    expect(known).toEqual(expect.arrayContaining(applications));
  });

  it('makes one session wait for another that idles in its transaction', async () => {
    await expect.poll(async () => (await activity()).blocked, { timeout: 20_000, interval: 200 }).toBe(1);
    expect((await activity()).idleInTransaction).toBeGreaterThanOrEqual(1);
    await expect.poll(async () => (await activity()).blocked, { timeout: 10_000, interval: 200 }).toBe(0);
  });

  it('commits, writes to disk what it sorts, and runs one statement that is slow for lack of an index', async () => {
    const [database] = await rowsOf<{ commits: number; temp: number }>(
      server,
      { database: 'postgres' },
      'SELECT sum(xact_commit)::integer AS commits, sum(temp_files)::integer AS temp FROM pg_stat_database',
    );
    expect(database?.commits).toBeGreaterThan(50);
    expect(database?.temp).toBeGreaterThan(0);
    const [slowest] = await rowsOf<{ query: string; ms: number }>(
      server,
      { database: 'edictflow' },
      `SELECT query, mean_exec_time AS ms FROM pg_stat_statements AS s
       JOIN pg_database AS d ON d.oid = s.dbid WHERE datname = 'edictflow' ORDER BY mean_exec_time DESC LIMIT 1`,
    );
    expect(slowest?.query).toContain('FROM change_events');
    expect(slowest?.ms).toBeGreaterThan(200);
  });

  it('comes back by itself when the server was away', async () => {
    await server.stop();
    await delay(500);
    server = await startSample({ dataFolder: folder.dataFolder, assets });
    await expect
      .poll(async () => (await activity()).sessions, { timeout: 15_000 })
      .toBe(Object.keys(sessions).length);
  });

  it('ends its sessions within a second, also those in the middle of something', async () => {
    // One that waits for a lock, or pauses in a transaction, is among them sooner or later.
    await expect
      .poll(async () => (await activity()).idleInTransaction, { timeout: 30_000, interval: 100 })
      .toBeGreaterThan(0);
    const started = performance.now();
    await workload?.stop();
    workload = undefined;
    expect(performance.now() - started).toBeLessThan(1500);
    await expect.poll(async () => (await activity()).sessions, { timeout: 1000 }).toBe(0);
    expect(problems.join('\n')).toBe('');
  });

  it('takes a connection that breaks in the middle of a statement for what it is, not for a problem', async () => {
    const proxy = await startProxy(server.port);
    const end = new AbortController();
    const { host, user, password, systems } = server;
    const session = new Session(
      { host, port: proxy.port, user, password, systems, assets },
      new Map([['sleep', 'SELECT pg_sleep(5)']]),
      { ...sessions.edictApi, application: 'a test of the workload' },
      end.signal,
    );
    onTestFinished(async () => {
      end.abort();
      await session.end();
      await proxy.close();
    });
    await expect.poll(() => session.isFree).toBe(true);
    const before = session.pid;
    const work = session.use(async () => void (await session.run('sleep')));
    await delay(200);
    proxy.reset();
    await expect(work).resolves.toBeUndefined();
    await expect.poll(() => session.isFree && session.pid !== before, { timeout: 5000 }).toBe(true);
    await expect(session.use(async () => void (await session.run('nothing of that name')))).rejects.toThrow(
      'has no statement',
    );
  });

  it('runs without a worker thread too', async () => {
    const inProcess = startWorkload(server);
    onTestFinished(() => inProcess.stop());
    await expect.poll(async () => (await activity()).sessions, { timeout: 5000 }).toBeGreaterThan(0);
    await inProcess.stop();
    await expect.poll(async () => (await activity()).sessions, { timeout: 1000 }).toBe(0);
  });
});

describe('the plan of the workload', () => {
  it('begins each job at its first moment and then once a period', () => {
    const job = { first: 500, every: 1000 };
    expect([0, 250, 500, 750, 1500, 2500].map((time) => turnAt(job, time))).toEqual([
      undefined,
      undefined,
      0,
      undefined,
      1,
      2,
    ]);
  });

  it('holds only moments that the beat of 250 ms meets', () => {
    for (const job of plan) expect([job.name, job.first % 250, job.every % 250]).toEqual([job.name, 0, 0]);
  });
});
