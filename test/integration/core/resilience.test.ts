import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const password = { password: 'postgres', remember: false };

describe('a server that goes away and comes back', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres();
    howdah = await openTestConsole();
    await howdah.client.environments.add({ draft: draftFor(server.url(), { name: 'db' }), password });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });
  const status = async () => {
    const { statuses } = await howdah.client.environments.list();
    if (!statuses[0]) throw new Error('no status');
    return statuses[0];
  };
  const inState = (state: string) => eventually(async () => (await status()).state === state && status());

  it('is shown as lost, told once, and everything resumes by itself', async () => {
    await inState('connected');
    const following = (await howdah.client.activity.watch({ environment: 'db' }))[Symbol.asyncIterator]();
    await following.next();

    await server.stop('fast');
    const lost = await inState('lost');
    expect(lost.problem?.what).toBeTruthy();
    expect(lost.retryAt).toBeGreaterThan(Date.now() - 16_000);
    await expect(howdah.client.activity.show({ environment: 'db' })).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
    });

    await server.start();
    await inState('connected');
    const resumed = await following.next();
    expect(resumed.done ? 0 : resumed.value.at).toBeGreaterThan(lost.since);
    await following.return?.(undefined);

    const { events } = await howdah.client.metrics.history({ environment: 'db', window: '1h' });
    expect(events.map(({ kind }) => kind)).toEqual(['connection-lost', 'server-restarted']);
  });

  it('survives the sudden end of every one of its sessions', async () => {
    await howdah.client.metrics.databases({ environment: 'db', window: '1h' });
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'howdah'",
    );
    await eventually(async () => {
      const { events } = await howdah.client.metrics.history({ environment: 'db', window: '1h' });
      return events.filter(({ kind }) => kind === 'connection-back').length === 1;
    });
    await inState('connected');
  });

  it('holds no more than one session for the live sample', async () => {
    await inState('connected');
    const held = async () =>
      Number(
        (
          await server.query<{ n: string }>(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'howdah'",
          )
        )[0]?.n,
      );
    expect(await held()).toBeLessThanOrEqual(2);
    expect((await status()).cost).toMatchObject({ slowed: false });
  });
});

describe('history', () => {
  it('is there again after the console was closed and opened', async () => {
    const server = await startPostgres();
    let howdah = await openTestConsole();
    try {
      await howdah.client.environments.add({ draft: draftFor(server.url(), { name: 'db' }), password });
      await eventually(async () => {
        const { series } = await howdah.client.metrics.history({ environment: 'db', window: '1h' });
        return series['server.commits'] !== undefined;
      }, 20_000);
      const before = await howdah.client.metrics.history({ environment: 'db', window: '1h' });
      await howdah.close();
      howdah = await openTestConsole({ dataFolder: howdah.dataFolder, connect: false });
      const after = await howdah.client.metrics.history({ environment: 'db', window: '1h' });
      const { statuses } = await howdah.client.environments.list();
      expect(statuses[0]?.trend.some((sessions) => (sessions ?? 0) > 0)).toBe(true);
      expect(Object.keys(after.series)).toEqual(Object.keys(before.series));
      expect(
        Math.max(...(after.series['sessions.active']?.high ?? []).map((one) => one ?? 0)),
      ).toBeGreaterThan(0);
    } finally {
      await howdah.remove();
      await server.remove();
    }
  });
});

describe('a password', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres();
    howdah = await openTestConsole();
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  it('is never taken from PGPASSWORD by a console: it may be meant for another server', async () => {
    process.env.PGPASSWORD = 'postgres';
    try {
      const { connection } = draftFor(server.url());
      const { problem } = await howdah.client.environments.test({ connection });
      expect(problem?.cause).toBe('password-missing');
    } finally {
      delete process.env.PGPASSWORD;
    }
  });

  it('that was refused is not tried again by itself', async () => {
    const { id } = await howdah.client.environments.add({
      draft: draftFor(server.url(), { name: 'locked-out' }),
      password: { password: 'nope', remember: false },
    });
    const status = await howdah.client.environments.connect({ environment: id });
    expect(status).toMatchObject({ state: 'disconnected', problem: { cause: 'password-wrong' } });
    expect(status.retryAt).toBeUndefined();
    const mended = await howdah.client.environments.connect({ environment: id, password });
    expect(mended.state).toBe('connected');
  });
});
