import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../preload/contract/connection.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const password = { password: 'postgres', remember: false };

/** What listens on a port may be anything, and a server may stop in the middle of a word. */
describe('the other side misbehaves', () => {
  let server: TestServer;
  let howdah: TestConsole;
  const listeners: Server[] = [];
  const stray: unknown[] = [];
  const note = (error: unknown): void => void stray.push(error);
  beforeAll(async () => {
    server = await startPostgres();
    howdah = await openTestConsole({ connect: false });
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    expect(stray.splice(0)).toEqual([]);
    for (const listener of listeners.splice(0)) listener.close();
  });
  afterAll(async () => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    await howdah?.remove();
    await server?.remove();
  });

  const listen = (onConnection: (socket: Socket) => void): Promise<number> =>
    new Promise((resolve) => {
      const listener = createServer((socket) => {
        socket.on('error', () => undefined);
        onConnection(socket);
      });
      listeners.push(listener);
      listener.listen(0, '127.0.0.1', () => {
        const address = listener.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  const to = (port: number, more: Partial<Connection> = {}): Connection => ({
    ...draftFor(server.url()).connection,
    port,
    ...more,
    parameters: { connect_timeout: '2', ...more.parameters },
  });
  const testing = (connection: Connection) => howdah.client.environments.test({ connection, password });

  /** Passes `bytes` of what the server says, then does `then` with the connection. */
  const passOnly = (bytes: number, then: (near: Socket) => void): Promise<number> =>
    listen((near) => {
      const far = connect(server.port, '127.0.0.1');
      far.on('error', () => near.destroy());
      near.once('close', () => far.destroy());
      near.pipe(far);
      let left = bytes;
      far.on('data', (chunk: Buffer) => {
        if (left <= 0) return;
        near.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) then(near);
      });
    });
  const answering = (bytes: Buffer): Promise<number> =>
    listen((socket) => socket.once('data', () => socket.write(bytes)));
  const message = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };

  it.each([
    ['an error that is cut short', message('E', Buffer.from('A'))],
    ['a notice without an end', message('N', Buffer.from('SNOTICE'))],
    ['a message of no length', Buffer.from('R\0\0\0\0more')],
    ['a message without end', Buffer.from('R\x7f\xff\xff\xffmore', 'latin1')],
    ['an authentication request without a method', message('R', Buffer.alloc(0))],
  ])('with %s, and is told as no PostgreSQL', async (_, bytes) => {
    const { problem } = await testing(to(await answering(Buffer.concat([bytes, Buffer.alloc(600, 0x41)]))));
    expect(problem?.cause).toBe('not-postgresql');
  });

  it.each([
    [7, 'GSSAPI'],
    [9, 'SSPI'],
    [2, 'Kerberos'],
    [42, 'method 42'],
  ])('by asking for authentication %i, which is told by name', async (method, name) => {
    const body = Buffer.alloc(4);
    body.writeUInt32BE(method);
    const { problem } = await testing(to(await answering(message('R', body))));
    expect(problem).toMatchObject({ cause: 'authentication-not-supported' });
    expect(problem?.what).toContain(name);
  });

  it('by falling silent after any number of bytes, and holds nobody up', async () => {
    for (const bytes of [1, 400, 700, 1200]) {
      const port = await passOnly(bytes, () => undefined);
      const from = Date.now();
      const { problem } = await testing(to(port));
      if (problem) expect(problem.cause).toBe('server-silent');
      expect(Date.now() - from).toBeLessThan(20_000);
    }
  }, 120_000);

  it('by falling silent while it is connected, and the environment does not stay connecting', async () => {
    for (const bytes of [900, 2400]) {
      const port = await passOnly(bytes, () => undefined);
      const { id } = await howdah.client.environments.add({
        draft: { ...draftFor(server.url()), name: `silent-${bytes}`, connection: to(port) },
        password,
      });
      const status = await howdah.client.environments.connect({ environment: id });
      expect(['lost', 'connected']).toContain(status.state);
      await howdah.client.environments.remove({ environment: id });
    }
    await eventually(async () => {
      const [row] = await server.query<{ n: string }>(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'howdah'",
      );
      return Number(row?.n) === 0;
    });
  }, 120_000);

  it('by closing after any number of bytes, with and without TLS', async () => {
    const authority = makeAuthority();
    try {
      const { certificate, key } = authority.issue('localhost', { names: ['127.0.0.1'] });
      server.write('server.crt', certificate);
      server.write('server.key', key);
      await server.query('ALTER SYSTEM SET ssl = on');
      server.signal('SIGHUP');
      await new Promise((resolve) => setTimeout(resolve, 500));
      for (const sslmode of ['disable', 'require'] as const) {
        for (let bytes = 1; bytes < 3000; bytes += bytes < 30 ? 7 : 211) {
          const port = await passOnly(bytes, (near) => (bytes % 2 ? near.resetAndDestroy() : near.end()));
          const result = await testing(to(port, { sslmode }));
          if (result.good) continue;
          expect(result.problem?.what).toBeTruthy();
          expect(result.steps.filter(({ outcome }) => outcome === 'bad')).toHaveLength(1);
          const failed = result.steps.find(({ outcome }) => outcome === 'bad')?.step;
          // Inside of the handshake nothing of what comes after it can have gone well or badly.
          if (sslmode === 'require' && bytes > 1 && bytes < 500) expect(failed).toBe('tls');
        }
      }
    } finally {
      authority.remove();
    }
  }, 120_000);

  it('while a person connects and disconnects, and gets one session at a time', async () => {
    let open = 0;
    let most = 0;
    const port = await listen((socket) => {
      socket.resume();
      open += 1;
      most = Math.max(most, open);
      socket.once('close', () => {
        open -= 1;
      });
    });
    const { id } = await howdah.client.environments.add({
      draft: { ...draftFor(server.url()), name: 'restless', connection: to(port) },
      password,
    });
    for (let round = 0; round < 10; round += 1) {
      void howdah.client.environments.connect({ environment: id }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await howdah.client.environments.disconnect({ environment: id });
    }
    await howdah.client.environments.remove({ environment: id });
    expect(most).toBeLessThanOrEqual(2);
    await eventually(async () => open === 0);
  }, 60_000);

  it('while its environment is removed: whoever waits is told, and nothing is left', async () => {
    const silent = await listen(() => undefined);
    for (const port of [silent, server.port]) {
      const { id } = await howdah.client.environments.add({
        draft: { ...draftFor(server.url()), name: `gone-${port}`, connection: to(port) },
        password,
      });
      const connecting = howdah.client.environments.connect({ environment: id }).then(
        ({ state }) => state,
        () => 'refused',
      );
      await howdah.client.environments.remove({ environment: id });
      expect(['disconnected', 'connected', 'refused']).toContain(await connecting);
    }
    await eventually(async () => {
      const [row] = await server.query<{ n: string }>(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'howdah'",
      );
      return Number(row?.n) === 0;
    });
  }, 30_000);
});
