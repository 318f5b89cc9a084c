import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noSshd, type Sshd, startSshd } from '../../support/sshd.ts';
import { CuttableProxy, Home, listen, problemOf, until } from './tunnel-support.ts';

describe.skipIf(noSshd)('an SSH tunnel that is lost', () => {
  let server: Sshd;
  let bastion: Sshd;
  let home: Home;
  let far: { port: number; close(): void };

  beforeAll(async () => {
    [server, bastion] = await Promise.all([startSshd(), startSshd()]);
    far = await listen((socket) => socket.resume());
  });
  afterAll(async () => {
    far?.close();
    await Promise.all([server?.remove(), bastion?.remove()]);
  });
  beforeEach(() => {
    home = new Home().trust(server, bastion);
    home.file(
      'config',
      `Host bast\n  HostName 127.0.0.1\n  Port ${bastion.port}\n  IdentityFile ${bastion.clientKeyFile}\n`,
    );
  });
  afterEach(() => home.remove());

  it('says so once when the server ends it, ends what went through it, and can be opened again', async () => {
    const way = { port: server.port, keyFile: server.clientKeyFile };
    const tunnel = await home.open(way);
    const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
    const failure = new Promise((resolve) => stream.once('error', resolve));
    const closed = new Promise((resolve) => stream.once('close', resolve));
    server.killSessions();
    await until(() => home.losses.length > 0, 2_000);
    expect(await failure).toMatchObject({ code: 'ECONNRESET' });
    await closed;
    expect(home.losses[0]?.explanation.cause).toBe('tunnel-lost');
    expect(home.losses[0]?.retry).toBe(true);
    expect((await problemOf(tunnel.dial({ host: '127.0.0.1', port: far.port }))).explanation.cause).toBe(
      'tunnel-lost',
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(home.losses).toHaveLength(1);

    const again = await home.open(way);
    (await again.dial({ host: '127.0.0.1', port: far.port })).destroy();
  });

  it('says so when the server is stopped, and is unreachable until it is back on its port', async () => {
    const way = { port: server.port, keyFile: server.clientKeyFile };
    await home.open(way);
    await server.stop();
    await until(() => home.losses.length > 0, 2_000);
    const problem = await home.problem(way);
    expect(problem.explanation.cause).toBe('tunnel-unreachable');
    expect(problem.retry).toBe(true);
    await server.start();
    await home.open(way);
    expect(home.losses).toHaveLength(1);
  });

  it.each([
    ['the bastion', () => bastion],
    ['the last hop', () => server],
  ])('says so once when %s of two hops goes', async (_, which) => {
    const tunnel = await home.open({ port: server.port, keyFile: server.clientKeyFile, jump: 'bast' });
    const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
    which().killSessions();
    await until(() => home.losses.length > 0 && stream.destroyed, 2_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(home.losses).toHaveLength(1);
  });

  it('survives that nobody listens to the errors of its streams', async () => {
    const tunnel = await home.open({ port: server.port, keyFile: server.clientKeyFile });
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => tunnel.dial({ host: '127.0.0.1', port: far.port })),
    );
    for (const stream of streams) stream.write('unanswered');
    server.killSessions();
    await until(() => streams.every(({ destroyed }) => destroyed), 2_000);
  });

  it('ends a dial that is under way', async () => {
    const proxy = await CuttableProxy.before(server.port);
    try {
      home.file(
        'known_hosts',
        `${server.knownHostsLine()}${server.knownHostsLine().replace(String(server.port), String(proxy.port))}`,
      );
      const tunnel = await home.open(
        { port: proxy.port, keyFile: server.clientKeyFile },
        { keepaliveMs: 300 },
      );
      proxy.cut();
      const problem = await problemOf(tunnel.dial({ host: '127.0.0.1', port: far.port }));
      expect(problem.explanation.cause).toBe('tunnel-lost');
    } finally {
      proxy.close();
    }
  });

  it('notices within 15 s that the network swallows everything', { timeout: 40_000 }, async () => {
    const proxy = await CuttableProxy.before(server.port);
    try {
      home.file('known_hosts', server.knownHostsLine().replace(String(server.port), String(proxy.port)));
      const tunnel = await home.open({ port: proxy.port, keyFile: server.clientKeyFile });
      const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
      proxy.cut();
      stream.write('into the void');
      const took = await until(() => home.losses.length > 0, 20_000);
      expect(took).toBeLessThan(15_000);
      expect(home.losses[0]?.explanation.why).toContain('no longer answers');
      await until(() => stream.destroyed, 1_000);
      expect(home.losses).toHaveLength(1);
    } finally {
      proxy.close();
    }
  });

  it('stays open while nothing is said, longer than the time in which a loss is noticed', async () => {
    const tunnel = await home.open(
      { port: server.port, keyFile: server.clientKeyFile, jump: 'bast' },
      { keepaliveMs: 200 },
    );
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(home.losses).toEqual([]);
    (await tunnel.dial({ host: '127.0.0.1', port: far.port })).destroy();
  });
});
