import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenTunnel } from '../../../main/tunnels/index.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { noSshd, type Sshd, startSshd } from '../../support/sshd.ts';
import { Home, listen, problemOf, until } from './tunnel-support.ts';

describe.skipIf(noSshd)('what goes through an SSH tunnel', () => {
  let server: Sshd;
  let postgres: TestServer;
  let socketFolder: string;
  let home: Home;
  let tunnel: OpenTunnel;
  const doors: Server[] = [];

  beforeAll(async () => {
    socketFolder = mkdtempSync('/tmp/howdah-test-socket-');
    chmodSync(socketFolder, 0o777);
    [server, postgres] = await Promise.all([
      startSshd(),
      startPostgres({ settings: { unix_socket_directories: socketFolder } }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([server?.remove(), postgres?.remove()]);
    rmSync(socketFolder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    home = new Home();
    tunnel = await home.trust(server).open({ port: server.port, keyFile: server.clientKeyFile });
  });
  afterEach(() => {
    home.remove();
    for (const door of doors.splice(0)) door.close();
  });

  /** A port of this machine that leads through the tunnel. */
  const doorTo = async (host: string): Promise<number> => {
    const door = createServer((near) => {
      near.on('error', () => undefined);
      tunnel.dial({ host, port: postgres.port }).then(
        (far) => {
          near.pipe(far).pipe(near);
          far.on('close', () => near.destroy());
          near.on('close', () => far.destroy());
        },
        () => near.destroy(),
      );
    });
    doors.push(door);
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const address = door.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const count = async (port: number, sql: string): Promise<unknown> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: 'postgres',
      database: 'postgres',
    });
    await client.connect();
    try {
      return (await client.query<{ n: unknown }>(sql)).rows[0]?.n;
    } finally {
      await client.end();
    }
  };

  it('reaches PostgreSQL by TCP', async () => {
    expect(await count(await doorTo('127.0.0.1'), 'SELECT 40 + 2 AS n')).toBe(42);
  });

  it('reaches PostgreSQL by its socket', async () => {
    const from = 'SELECT inet_client_addr() IS NULL AS n';
    expect(await count(await doorTo(socketFolder), from)).toBe(true);
    expect(await count(await doorTo(`${socketFolder}/`), from)).toBe(true);
  });

  it('carries much, in both directions, unharmed', async () => {
    const port = await doorTo('127.0.0.1');
    expect(
      await count(
        port,
        "SELECT md5(repeat('x', 30000000)) = md5(t) AS n FROM (SELECT repeat('x', 30000000) t) s",
      ),
    ).toBe(true);
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: 'postgres',
      database: 'postgres',
    });
    await client.connect();
    const text = 'ä'.repeat(8_000_000);
    const { rows } = await client.query('SELECT $1::text AS t, md5($1::text) AS md5', [text]);
    expect(rows[0].t === text).toBe(true);
    await client.end();
  });

  it('goes on through exchanges of new keys', async () => {
    const changing = await startSshd({ config: ['RekeyLimit 1M'] });
    try {
      tunnel = await home.trust(changing).open({ port: changing.port, keyFile: changing.clientKeyFile });
      // Known when it was opened is enough for as long as it is open.
      home.file('known_hosts', '');
      const sql = "SELECT string_agg(repeat('x', 1000), '') AS n FROM generate_series(1, 5000)";
      const [a, b] = await Promise.all([doorTo('127.0.0.1'), doorTo(socketFolder)]);
      const texts = await Promise.all([count(a, sql), count(b, sql), count(a, sql)]);
      expect(texts.map((text) => String(text).length)).toEqual([5e6, 5e6, 5e6]);
      expect(await count(a, `SELECT length('${'y'.repeat(5_000_000)}') AS n`)).toBe(5e6);
      expect(home.losses).toEqual([]);
      tunnel.close();
    } finally {
      await changing.remove();
    }
  });

  it('holds a reader that is slow back instead of filling memory', async () => {
    let sent = 0;
    const spring = await listen((socket) => {
      const write = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      socket.on('drain', write);
      write();
    });
    try {
      const stream = await tunnel.dial({ host: '127.0.0.1', port: spring.port });
      stream.once('readable', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(sent).toBeLessThan(64 * 1024 * 1024);
      expect(stream.readableLength).toBeLessThan(4 * 1024 * 1024);
      stream.destroy();
    } finally {
      spring.close();
    }
  });

  it('ends when the far side ends, after all that it sent', async () => {
    const far = await listen((socket) => socket.end('farewell'));
    try {
      const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe('farewell');
      await until(() => stream.destroyed, 2_000);
    } finally {
      far.close();
    }
  });

  it('closes the far side when it is ended or destroyed here', async () => {
    let closed = 0;
    const far = await listen((socket) => {
      socket.resume();
      socket.on('close', () => {
        closed += 1;
      });
    });
    try {
      for (const finish of [(stream: Duplex) => stream.end('bye'), (stream: Duplex) => stream.destroy()]) {
        const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
        const before = closed;
        const gone = new Promise((resolve) => stream.once('close', resolve));
        finish(stream);
        await gone;
        await until(() => closed === before + 1, 3_000);
      }
    } finally {
      far.close();
    }
  });

  it('fails writes after the far side has gone instead of keeping them waiting', async () => {
    const far = await listen((socket) => socket.destroy());
    try {
      const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
      stream.resume();
      await until(() => stream.destroyed, 3_000);
      const failure = await new Promise((resolve) => stream.write('too late', resolve));
      expect(failure).toBeInstanceOf(Error);
    } finally {
      far.close();
    }
  });

  it.each([
    ['ECONNREFUSED', 'nothing listens', '127.0.0.1', 1],
    ['ENOTFOUND', 'the name is unknown', 'no-such-host.invalid', 5432],
    ['ENOENT', 'there is no such socket', '/nowhere', 5432],
  ])('gives %s when %s there', async (code, _, host, port) => {
    const error = await tunnel.dial({ host, port }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`127.0.0.1:${server.port}`) });
  });

  it('says that the server forbids it', async () => {
    const forbidding = [
      { config: ['AllowTcpForwarding no'] },
      { keyOptions: 'restrict' },
      { config: ['PermitOpen 10.1.2.3:5432'] },
    ];
    for (const options of forbidding) {
      const strict = await startSshd(options);
      try {
        const through = await home.trust(strict).open({ port: strict.port, keyFile: strict.clientKeyFile });
        const problem = await problemOf(through.dial({ host: '127.0.0.1', port: postgres.port }));
        expect(problem.explanation.cause).toBe('tunnel-forward-refused');
        expect(problem.explanation.what).toContain(`127.0.0.1:${postgres.port}`);
        expect(problem.retry).toBe(false);
        expect(home.losses).toEqual([]);
        through.close();
      } finally {
        await strict.remove();
      }
    }
  });

  it('gives up when it is no longer wanted', async () => {
    const end = new AbortController();
    end.abort(new Error('no longer wanted'));
    await expect(tunnel.dial({ host: '127.0.0.1', port: postgres.port }, end.signal)).rejects.toThrow(
      'no longer wanted',
    );
    const later = new AbortController();
    // An address of a documentation network (RFC 5737): nobody answers.
    const dialling = tunnel.dial({ host: '192.0.2.1', port: 5432 }, later.signal);
    setTimeout(() => later.abort(new Error('no longer wanted')), 100);
    await expect(dialling).rejects.toThrow();
  });

  it('closes everything with the tunnel, and says so to whoever dials later', async () => {
    const far = await listen((socket) => socket.resume());
    try {
      const stream = await tunnel.dial({ host: '127.0.0.1', port: far.port });
      const gone = new Promise((resolve) => stream.once('close', resolve));
      tunnel.close();
      tunnel.close();
      await gone;
      expect((await problemOf(tunnel.dial({ host: '127.0.0.1', port: far.port }))).explanation.cause).toBe(
        'tunnel-lost',
      );
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(home.losses).toEqual([]);
    } finally {
      far.close();
    }
  });

  it('goes through two hops', async () => {
    const bastion = await startSshd();
    try {
      home.trust(bastion);
      home.file(
        'config',
        `Host bast\n  HostName 127.0.0.1\n  Port ${bastion.port}\n  IdentityFile ${bastion.clientKeyFile}\n`,
      );
      tunnel = await home.open({ port: server.port, keyFile: server.clientKeyFile, jump: 'bast' });
      expect(await count(await doorTo('127.0.0.1'), 'SELECT 1 AS n')).toBe(1);
      expect(await count(await doorTo(socketFolder), 'SELECT 2 AS n')).toBe(2);
    } finally {
      await bastion.remove();
    }
  });
});
