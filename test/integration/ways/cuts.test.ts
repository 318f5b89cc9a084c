import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { startProxy, type TestProxy } from '../../support/proxy.ts';

const password = { password: 'postgres', remember: false };

/** How long a loss may stay unnoticed, ms. */
const noticed = 15_000;

describe('a connection that is cut', () => {
  let server: TestServer;
  let other: TestServer;
  let proxy: TestProxy;
  let howdah: TestConsole;
  let network = 'wifi';
  let clock = 0;
  const addresses = new Map<string, string[]>();

  beforeAll(async () => {
    server = await startPostgres();
    other = await startPostgres();
    proxy = await startProxy(server.port);
    howdah = await openTestConsole({
      resolve: async (host) => {
        const found = addresses.get(host);
        if (!found) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
        return found;
      },
      eyes: { now: () => Date.now() + clock, network: () => network },
    });
    addresses.set('db.test', ['127.0.0.1']);
  });
  afterEach(async () => {
    const { environments } = await howdah.client.environments.list();
    for (const { id, name } of environments) {
      await howdah.client.environments.remove({ environment: id, confirm: name });
    }
    proxy.heal();
    proxy.point(server.port);
    addresses.set('db.test', ['127.0.0.1']);
  });
  afterAll(async () => {
    await howdah?.remove();
    await proxy?.close();
    await server?.remove();
    await other?.remove();
  });

  const status = async (): Promise<EnvironmentStatus> => {
    const [first] = (await howdah.client.environments.list()).statuses;
    if (!first) throw new Error('no status');
    return first;
  };
  const inState = (state: string, ms = noticed) =>
    eventually(async () => {
      const now = await status();
      return now.state === state && now;
    }, ms);
  const open = async (port = proxy.port, host = 'db.test'): Promise<void> => {
    const draft = draftFor(server.url().replace(`127.0.0.1:${server.port}`, `${host}:${port}`), {
      name: 'db',
    });
    await howdah.client.environments.add({ draft, password });
    await inState('connected');
  };
  const events = async () =>
    (await howdah.client.metrics.history({ environment: 'db', window: '1h' })).events.map(({ kind }) => kind);

  it('by a reset is noticed at once and comes back by itself', async () => {
    await open();
    proxy.reset();
    await inState('lost', 7000);
    await inState('connected');
  });

  it('by the server itself is told as that', async () => {
    await open();
    const seen: (string | undefined)[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const { statuses } of await howdah.client.environments.watch(undefined, {
        signal: stop.signal,
      })) {
        seen.push(statuses[0]?.problem?.cause);
      }
    })().catch(() => undefined);
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'howdah'",
    );
    await eventually(async () => seen.includes('session-ended'));
    await inState('connected');
    stop.abort();
    await watching;
  });

  it('by silence is noticed within 15 s, told once, and resumes when the silence ends', async () => {
    await open();
    const following = (await howdah.client.activity.watch({ environment: 'db' }))[Symbol.asyncIterator]();
    await following.next();
    const from = Date.now();
    proxy.silence();
    const lost = await inState('lost');
    expect(Date.now() - from).toBeLessThan(noticed);
    expect(lost.problem?.cause).toMatch(/silent/);
    proxy.heal();
    await inState('connected', 30_000);
    const resumed = await following.next();
    expect(resumed.done ? 0 : resumed.value.at).toBeGreaterThan(lost.since);
    await following.return?.(undefined);
    expect(await events()).toEqual(['connection-lost', 'connection-back']);
  }, 60_000);

  it('ends a command in flight with a clear error, and does not repeat it', async () => {
    await open();
    await server.query('CREATE TABLE IF NOT EXISTS locked (id int)');
    // The sessions of the pool are made before the cut, so that the command is on its way when it comes.
    await howdah.client.metrics.databases({ environment: 'db', window: '1h' });
    const holder = await server.connect();
    const pid = Number((await holder.query('SELECT pg_backend_pid() AS pid')).rows[0].pid);
    const { backends } = await howdah.client.activity.show({ environment: 'db' });
    const target = backends.find((backend) => backend.pid === pid);
    const calls = proxy.passed();
    proxy.silence();
    const cancelled = howdah.client.activity.cancel({
      environment: 'db',
      backends: [{ pid, backendStart: target?.backendStart ?? '' }],
    });
    await expect(cancelled).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
      data: {
        cause: expect.stringMatching(/connection-lost|silent/),
        next: expect.stringMatching(/repeat|again/),
      },
    });
    expect(proxy.passed()).toBe(calls);
    await holder.end();
  }, 60_000);

  it('is looked for at once when the network changes or the machine wakes', async () => {
    await open();
    proxy.silence();
    const from = Date.now();
    network = 'mobile';
    await inState('lost', 8000);
    expect(Date.now() - from).toBeLessThan(8000);
    // Retries grow apart; a second change of the network ends the waiting.
    await new Promise((resolve) => setTimeout(resolve, 9000));
    proxy.heal();
    clock += 60_000;
    await inState('connected', 14_000);
  }, 60_000);

  it('follows a name that means another server now', async () => {
    // Two servers on one port, at two addresses of this machine.
    const second = await startPostgres({
      settings: { listen_addresses: '127.0.0.2', port: server.port, unix_socket_directories: '' },
      start: false,
    });
    second.launch();
    try {
      await open(server.port);
      const before = (await status()).server?.startedAt;
      addresses.set('db.test', ['127.0.0.2']);
      const from = Date.now();
      await eventually(async () => {
        const now = await status();
        return now.state === 'connected' && now.server?.startedAt !== before;
      }, 25_000);
      expect(Date.now() - from).toBeLessThan(20_000);
      expect(await events()).toContain('connection-lost');
    } finally {
      await second.remove();
    }
  }, 60_000);

  it('leaves a name alone that gives its addresses by turns', async () => {
    await open();
    const { since } = await status();
    let turn = 0;
    const timer = setInterval(() => {
      turn += 1;
      addresses.set('db.test', turn % 2 ? ['127.0.0.1'] : ['127.0.0.3']);
    }, 4000);
    await new Promise((resolve) => setTimeout(resolve, 16_000));
    clearInterval(timer);
    expect(await status()).toMatchObject({ state: 'connected', since });
  }, 40_000);
});
