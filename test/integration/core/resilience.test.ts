import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, eventually, openTestConsole, type TestConsole } from '../../support/console.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';

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

describe('why a connection fails', () => {
  let server: TestServer;
  let howdah: TestConsole;
  const silent: Server[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    howdah = await openTestConsole();
    await server.query("CREATE ROLE shut LOGIN PASSWORD 'shut'");
    await server.query('CREATE DATABASE closed');
    await server.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  });
  afterAll(async () => {
    for (const one of silent) one.close();
    await howdah?.remove();
    await server?.remove();
  });
  const test = async (url: string, typed: string | null = 'postgres') =>
    howdah.client.environments.test({
      connection: draftFor(url).connection,
      ...(typed === null ? {} : { password: { password: typed, remember: false } }),
    });
  const failed = (steps: { step: string; outcome: string }[]) =>
    steps.find(({ outcome }) => outcome === 'bad')?.step;

  it('walks all steps on a good one', async () => {
    const result = await test(server.url());
    expect(result).toMatchObject({
      good: true,
      server: { role: 'primary', superuser: true, encrypted: false },
    });
    expect(result.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'name good',
      'port good',
      'tls good',
      'authentication good',
      'database good',
      'privileges good',
      'visibility good',
    ]);
  });

  it('tells a wrong password from a missing one, in words and with the server’s own', async () => {
    const wrong = await test(server.url(), 'nope');
    expect(wrong.problem).toMatchObject({ cause: 'password-wrong', server: { sqlstate: '28P01' } });
    expect(failed(wrong.steps)).toBe('authentication');
    expect((await test(server.url(), null)).problem?.cause).toBe('password-missing');
  });

  it('never tries PGPASSWORD on its own: it may be meant for another server', async () => {
    process.env.PGPASSWORD = 'postgres';
    try {
      expect((await test(server.url(), null)).problem?.cause).toBe('password-missing');
    } finally {
      delete process.env.PGPASSWORD;
    }
  });

  it('names a database that is not there, and one that may not be entered', async () => {
    expect((await test(server.url('nowhere'))).problem?.cause).toBe('no-such-database');
    expect((await test(server.url('closed', 'shut'), 'shut')).problem?.cause).toBe('no-connect-privilege');
  });

  it('tells a port with nothing behind it from one that never answers', async () => {
    const port = await freePort();
    expect((await test(`postgres://postgres@127.0.0.1:${port}/postgres`)).problem?.cause).toBe(
      'nothing-listening',
    );
    const mute = createServer(() => undefined);
    silent.push(mute);
    const open = await new Promise<number>((resolve) => {
      mute.listen(0, '127.0.0.1', () => resolve((mute.address() as { port: number }).port));
    });
    const result = await test(`postgres://postgres@127.0.0.1:${open}/postgres?connect_timeout=1`);
    expect(result.problem?.cause).toBe('server-silent');
  });

  it('says that TLS is not offered instead of going on without it', async () => {
    const result = await test(server.url().replace('sslmode=disable', 'sslmode=require'));
    expect(result.problem?.cause).toBe('tls-not-offered');
    expect(failed(result.steps)).toBe('tls');
  });

  it('goes on without TLS where prefer allows it', async () => {
    const result = await test(server.url().replace('sslmode=disable', 'sslmode=prefer'));
    expect(result).toMatchObject({ good: true, server: { encrypted: false } });
  });

  it('does not try a refused password again by itself', async () => {
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
