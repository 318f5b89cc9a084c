import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Tunnel } from '../../../preload/contract/connection.ts';
import type { CompanionLine, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';
import { noSshd, type Sshd, startSshd } from '../../support/sshd.ts';

const password = { password: 'postgres', remember: false };

/** The whole way through a console: companion, tunnel, server; asked, cut, healed. */
describe('the way to an environment', () => {
  let server: TestServer;
  let howdah: TestConsole;
  let port: number;
  let sshd: Sshd;
  beforeAll(async () => {
    server = await startPostgres();
    if (noSshd === undefined) sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.remove();
    await server?.remove();
  });
  const begin = async (): Promise<void> => {
    howdah = await openTestConsole();
    port = await freePort();
    writeFileSync(join(howdah.dataFolder, 'proxy.mjs'), proxySource);
  };
  afterEach(() => howdah?.remove());
  const add = async (more: Partial<Connection>): Promise<string> => {
    const draft = draftFor(server.url(), { name: 'far' });
    const connection = { ...draft.connection, ...more };
    const { id } = await howdah.client.environments.add({
      draft: { ...draft, connection },
      password,
      connect: false,
    });
    return id;
  };
  const status = async (): Promise<EnvironmentStatus> => {
    const [first] = (await howdah.client.environments.list()).statuses;
    if (!first) throw new Error('no status');
    return first;
  };
  const connected = (ms = 30_000) =>
    eventually(async () => (await status()).state === 'connected' && (await status()), ms);

  describe.skipIf(noSshd !== undefined)('through a tunnel', () => {
    const tunnel = (more: Partial<Tunnel> = {}): Tunnel => ({
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      auth: 'key',
      keyFile: sshd.clientKeyFile,
      ...more,
    });
    const trust = async (of: EnvironmentStatus): Promise<void> => {
      if (of.ask?.kind !== 'host-key') throw new Error(`not asked: ${JSON.stringify(of.problem)}`);
      const { host, type, key } = of.ask;
      await howdah.client.environments.trustHost({ host, type, key });
    };

    it('asks for the fingerprint once, connects, and heals after the tunnel was cut', async () => {
      await begin();
      const environment = await add({ tunnel: tunnel() });
      const asked = await howdah.client.environments.connect({ environment });
      expect(asked).toMatchObject({
        state: 'disconnected',
        problem: { cause: 'tunnel-host-key-unknown' },
        ask: { kind: 'host-key', fingerprint: sshd.hostKeyFingerprint() },
      });
      await trust(asked);
      const open = await howdah.client.environments.connect({ environment });
      expect(open).toMatchObject({ state: 'connected', tunnel: { state: 'open' } });
      expect(open.tunnel?.hops).toEqual([`${sshd.user}@127.0.0.1:${sshd.port}`]);

      sshd.killSessions();
      const lost = await eventually(async () => (await status()).state === 'lost' && (await status()));
      expect(lost.problem?.cause).toBe('tunnel-lost');
      await connected();
      const { events } = await howdah.client.metrics.history({ environment, window: '1h' });
      expect(events.map(({ kind }) => kind)).toEqual(['connection-lost', 'connection-back']);
    }, 60_000);

    it('waits for an SSH server that is away, and refuses one that has another key', async () => {
      await begin();
      const environment = await add({ tunnel: tunnel() });
      await trust(await howdah.client.environments.connect({ environment }));
      await howdah.client.environments.connect({ environment });
      await sshd.stop();
      const away = await eventually(
        async () => (await status()).problem?.cause === 'tunnel-unreachable' && (await status()),
      );
      expect(away.retryAt).toBeDefined();
      sshd.changeHostKey();
      await sshd.start();
      const changed = await eventually(
        async () => (await status()).problem?.cause === 'tunnel-host-key-changed' && (await status()),
        30_000,
      );
      expect(changed.state).toBe('disconnected');
      expect(changed.ask).toBeUndefined();
    }, 60_000);

    it('asks for the passphrase of a key, says when it was wrong, and keeps it for the next time', async () => {
      await begin();
      const environment = await add({ tunnel: tunnel({ keyFile: sshd.encryptedKeyFile }) });
      await trust(await howdah.client.environments.connect({ environment }));
      const asked = await howdah.client.environments.connect({ environment });
      expect(asked.ask).toMatchObject({ kind: 'secret', secret: 'key-passphrase', wasWrong: false });
      if (asked.ask?.kind !== 'secret') throw new Error('not asked for a secret');
      const { secret: kind, of } = asked.ask;
      const answer = (value: string) =>
        howdah.client.environments.connect({
          environment,
          secrets: [{ kind, of, value, remember: false }],
        });
      expect((await answer('nope')).ask).toMatchObject({ wasWrong: true });
      expect((await answer(sshd.passphrase)).state).toBe('connected');
      await howdah.client.environments.disconnect({ environment });
      expect((await howdah.client.environments.connect({ environment })).state).toBe('connected');

      const copy = await howdah.client.environments.duplicate({ environment });
      expect((await howdah.client.environments.connect({ environment: copy.id })).state).toBe('connected');
      const audit = JSON.stringify(await howdah.client.audit.list({}));
      expect(audit).not.toContain(sshd.passphrase);
      for (const file of ['settings.json', 'howdah.db', 'howdah.db-wal']) {
        const path = join(howdah.dataFolder, file);
        expect(readFileSync(path, 'latin1')).not.toContain('Passphrase-');
      }
    }, 60_000);

    it('does not send a password on to the same address behind another tunnel', async () => {
      await begin();
      const environment = await add({ tunnel: tunnel() });
      await howdah.client.environments.update({
        environment,
        changes: {
          connection: { ...draftFor(server.url()).connection, tunnel: tunnel({ host: 'localhost' }) },
        },
      });
      const { environments } = await howdah.client.environments.list();
      expect(environments[0]?.password).toBe('none');
    });

    it('verifies names at the far end, by TCP and by the socket of the far machine', async () => {
      await begin();
      await server.hba(['host all all 127.0.0.1/32 scram-sha-256', 'local all all scram-sha-256']);
      const environment = await add({ tunnel: tunnel(), host: server.socketFolder });
      await trust(await howdah.client.environments.connect({ environment }));
      expect((await howdah.client.environments.connect({ environment })).state).toBe('connected');
      const { problem, steps } = await howdah.client.environments.test({
        connection: { ...draftFor(server.url()).connection, host: 'no-such-host.invalid', tunnel: tunnel() },
        password,
      });
      expect(problem?.cause).toBe('name-not-found');
      expect(steps[0]).toMatchObject({ step: 'tunnel', outcome: 'good' });
    }, 60_000);
  });

  describe.skipIf(process.platform === 'win32')('with a companion', () => {
    const companion = (more: object = {}) => ({
      command: `"${process.execPath}" proxy.mjs ${port} ${server.port}`,
      folder: howdah.dataFolder,
      timeoutSeconds: 10,
      ...more,
    });

    it('starts it, shows what it prints, restarts it when it dies, and ends it on disconnecting', async () => {
      await begin();
      const environment = await add({ port, companion: companion() });
      const open = await howdah.client.environments.connect({ environment });
      expect(open).toMatchObject({ state: 'connected', companion: { state: 'ready', restarts: 0 } });
      const lines = await firstLines(environment);
      const pid = Number(/pid (\d+)/.exec(lines)?.[1]);
      expect(lines).toContain('forwarding');

      process.kill(pid, 'SIGKILL');
      await eventually(async () => (await status()).companion?.restarts === 1 && (await status()));
      await connected();
      const later = Number(/pid (\d+)\s*$/.exec(await firstLines(environment))?.[1]);
      expect(later).not.toBe(pid);

      await howdah.client.environments.disconnect({ environment });
      await eventually(async () => !isAlive(later));
    }, 60_000);

    it('says why when it dies or never comes up', async () => {
      await begin();
      const causeWith = async (command: string, timeoutSeconds = 2) => {
        const connection = {
          ...draftFor(server.url()).connection,
          port,
          companion: companion({ command, timeoutSeconds }),
        };
        const { problem, steps } = await howdah.client.environments.test({ connection, password });
        expect(steps[0]).toMatchObject({ step: 'companion', outcome: 'bad' });
        return problem;
      };
      expect(await causeWith('echo cannot find credentials >&2; exit 3')).toMatchObject({
        cause: 'companion-died',
        why: expect.stringContaining('cannot find credentials'),
      });
      expect((await causeWith('howdah-no-such-program --port 1'))?.cause).toBe('companion-not-started');
      expect((await causeWith('sleep 30', 1))?.cause).toBe('companion-not-ready');
    }, 30_000);

    async function firstLines(environment: string): Promise<string> {
      const output = await howdah.client.environments.companionOutput({ environment });
      for await (const batch of output as AsyncIterable<CompanionLine[]>) {
        return batch
          .filter(({ stream }) => stream === 'out')
          .map(({ text }) => text)
          .join('\n');
      }
      return '';
    }
  });
});

const proxySource = `
import { connect, createServer } from 'node:net';
const [from, to] = process.argv.slice(2).map(Number);
createServer((near) => {
  const far = connect(to, '127.0.0.1');
  near.pipe(far).pipe(near);
  for (const end of [near, far]) end.on('error', () => { near.destroy(); far.destroy(); });
}).listen(from, '127.0.0.1', () => console.log('forwarding, pid ' + process.pid));
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
