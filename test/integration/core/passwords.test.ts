import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEnvironmentList } from '../../../main/environments/index.ts';
import { type Keychain, openSecrets } from '../../../main/secrets/index.ts';
import { openSettings } from '../../../main/settings/index.ts';
import type { Connection } from '../../../preload/contract/connection.ts';
import { samePlace } from '../../../preload/contract/connection-place.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';

/** The password of the server's role, stored for another place: whoever gets in has been sent it. */
const password = { password: 'postgres', remember: true };

/** A keychain that takes its time to say what is in it. */
function slowKeychain(ms: number): Keychain {
  const kept = new Map<string, string>();
  return {
    getPassword: async (_, account) => kept.get(account) ?? null,
    setPassword: async (_, account, value) => {
      kept.set(account, value);
    },
    deletePassword: async (_, account) => kept.delete(account),
    accounts: async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return [...kept.keys()];
    },
  };
}

describe('a stored password', () => {
  let server: TestServer;
  let folder: string;
  let howdah: TestConsole | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-passwords-'));
    server = await startPostgres({
      settings: { logging_collector: 'on', log_connections: 'on', log_filename: 'server.log' },
    });
  });
  afterEach(async () => {
    await howdah?.remove();
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How often somebody got in as this role so far. */
  const entries = (role: string): number =>
    readFileSync(join(server.data, 'log/server.log'), 'utf8').split(`connection authorized: user=${role} `)
      .length - 1;
  const roleOf = async (name: string): Promise<string> => {
    await server.query(`CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD 'postgres'`);
    return name;
  };
  const bare = (role: string, port = server.port): string =>
    `postgres://${role}@127.0.0.1:${port}/postgres?sslmode=disable`;

  it('is not sent to the new address while a slow keychain is still forgetting it', async () => {
    const role = await roleOf('mover');
    howdah = await openTestConsole({ keychain: slowKeychain(3000) });
    const { client } = howdah;
    await client.environments.add({ draft: draftFor(bare(role, await freePort()), { name: 'm' }), password });
    await eventually(async () => {
      const { statuses } = await client.environments.list();
      return statuses[0]?.state === 'lost';
    });
    const { connection } = draftFor(bare(role));
    await client.environments.update({ environment: 'm', changes: { connection } });
    const problem = await eventually(async () => {
      const { statuses } = await client.environments.list();
      return statuses[0]?.state === 'disconnected' && statuses[0].problem;
    });
    expect(problem.cause).toBe('password-missing');
    expect(entries(role)).toBe(0);
  });

  it('typed for the new address is the one that is sent there', async () => {
    const role = await roleOf('typist');
    howdah = await openTestConsole({ keychain: slowKeychain(10) });
    const { client } = howdah;
    await client.environments.add({
      draft: draftFor(bare(role, await freePort()), { name: 'm' }),
      password: { password: 'for the one before', remember: true },
    });
    const { connection } = draftFor(bare(role));
    await client.environments.update({ environment: 'm', changes: { connection }, password });
    await eventually(async () => (await client.environments.list()).statuses[0]?.state === 'connected');
    const log = readFileSync(join(server.data, 'log/server.log'), 'utf8');
    expect(log).not.toContain(`password authentication failed for user "${role}"`);
  });

  it('that was typed for one address is gone when a second move follows while it is still being kept', async () => {
    const role = await roleOf('hasty');
    howdah = await openTestConsole({ keychain: slowKeychain(500) });
    const { client } = howdah;
    await client.environments.add({ draft: draftFor(bare(role, 1), { name: 'm' }), password });
    const move = (port: number, typed?: typeof password) =>
      client.environments.update({
        environment: 'm',
        changes: { connection: draftFor(bare(role, port)).connection },
        ...(typed ? { password: typed } : {}),
      });
    await Promise.all([move(2, password), move(server.port)]);
    const problem = await eventually(async () => {
      const { statuses } = await client.environments.list();
      return statuses[0]?.state === 'disconnected' && statuses[0].problem;
    });
    expect(problem.cause).toBe('password-missing');
    expect(entries(role)).toBe(0);
  });

  it('stays where it is when the change is refused', async () => {
    howdah = await openTestConsole({ connect: false });
    const { client } = howdah;
    await client.environments.add({ draft: draftFor(bare('postgres'), { name: 'first' }) });
    await client.environments.add({ draft: draftFor(bare('postgres'), { name: 'second' }), password });
    const { connection } = draftFor(bare('postgres', 1));
    await expect(
      client.environments.update({ environment: 'second', changes: { name: 'first', connection } }),
    ).rejects.toMatchObject({ code: 'INVALID' });
    const { environments } = await client.environments.list();
    expect(environments[1]).toMatchObject({ name: 'second', password: 'memory' });
  });

  it('is not had by a test of the same address with less proof, another service file, or the service’s fields set', async () => {
    const role = await roleOf('tested');
    const elsewhere = join(folder, 'elsewhere.conf');
    const own = join(folder, 'own.conf');
    writeFileSync(own, `[live]\nhost=127.0.0.1\nport=${await freePort()}\nuser=${role}\nsslmode=disable\n`);
    writeFileSync(elsewhere, `[live]\nhost=127.0.0.1\nport=${server.port}\nuser=${role}\nsslmode=disable\n`);
    howdah = await openTestConsole({ connect: false });
    const { client } = howdah;
    const full = { ...draftFor(bare(role)).connection, sslmode: 'verify-full' as const };
    const service: Connection = {
      ...draftFor(bare(role)).connection,
      parameters: { service: 'live', servicefile: own },
      fromService: ['host', 'port'],
    };
    const add = async (name: string, connection: Connection) =>
      client.environments.add({
        draft: { ...draftFor(bare(role)), name, protection: 'read-only', connection },
        password,
        connect: false,
      });
    await add('full', full);
    await add('served', service);
    const { fromService: _, ...withoutFields } = service;
    for (const [environment, connection] of [
      ['full', { ...full, sslmode: 'disable' as const }],
      ['served', { ...service, parameters: { service: 'live', servicefile: elsewhere } }],
      ['served', withoutFields],
    ] as const) {
      const result = await client.environments.test({ environment, connection });
      expect(result).toMatchObject({ good: false, problem: { cause: 'password-missing' } });
    }
    expect(entries(role)).toBe(0);
  });

  it('of the sample does not go along when its environment is pointed elsewhere', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
    mkdirSync(join(dataFolder, 'sample'));
    const record = {
      ...{ format: 1, complete: true, home: join(dataFolder, 'none'), port: 1, user: 'postgres' },
      ...{ password: 'postgres', major: 15, serverVersion: '15', bin: '/none', source: 'system', assets: '' },
    };
    writeFileSync(join(dataFolder, 'sample/sample.json'), JSON.stringify(record));
    const draft = draftFor(bare('postgres', 1), { name: 'hike' });
    const saved = { ...draft, id: 'sample-1', connect: false, sample: 'hike' };
    writeFileSync(
      join(dataFolder, 'settings.json'),
      JSON.stringify({ version: 1, environments: [saved], preferences: {} }),
    );
    howdah = await openTestConsole({ dataFolder, connect: false });
    const { client } = howdah;
    expect((await client.environments.list()).environments[0]?.password).toBe('sample');
    const { connection } = draftFor(bare('postgres'));
    const moved = await client.environments.update({ environment: 'hike', changes: { connection } });
    expect(moved).toMatchObject({ password: 'none' });
    expect(moved.sample).toBeUndefined();
    const status = await client.environments.connect({ environment: 'hike' });
    expect(status).toMatchObject({ state: 'disconnected', problem: { cause: 'password-missing' } });
  });
});

describe('the sample’s environments', () => {
  it('are made anew under the next free name where one of them has gone its own way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-list-'));
    try {
      const list = await openEnvironmentList({
        settings: openSettings(folder),
        secrets: await openSecrets(undefined),
        samplePassword: async () => 'of the sample',
        onChange: () => undefined,
      });
      const draft = draftFor('postgres://postgres@127.0.0.1:1/hike', { name: 'hike' });
      const first = await list.add(draft, { sample: 'hike' });
      expect(await list.password(first.id)).toBe('of the sample');
      await list.leaveSample(first.id);
      expect(await list.password(first.id)).toBeUndefined();
      const second = await list.add(draft, { sample: 'hike' });
      expect(second).toMatchObject({ name: 'hike 2', password: 'sample' });
      // Of an address that is not here it is never given, whatever the settings say.
      list.change(second.id, { connection: { ...draft.connection, host: 'db.example.com' } });
      expect(await list.password(second.id)).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the place that a stored secret is for', () => {
  const plain: Connection = {
    host: 'db.example.com',
    port: 5432,
    database: 'app',
    user: 'app',
    sslmode: 'require',
    parameters: {},
  };
  const tunnel = { host: 'bastion', auth: 'auto' as const };
  const companion = { command: 'proxy', timeoutSeconds: 30 };
  const root = { sslrootcert: '/ca.pem' };
  const service: Connection = { ...plain, parameters: { service: 'a' }, fromService: ['host', 'sslmode'] };

  it.each<[string, Connection, Partial<Connection>]>([
    ['less encryption', plain, { sslmode: 'prefer' }],
    ['a certificate that is no longer checked', { ...plain, sslmode: 'verify-ca' }, { sslmode: 'require' }],
    ['a name that is no longer checked', { ...plain, sslmode: 'verify-full' }, { sslmode: 'verify-ca' }],
    ['another root', { ...plain, sslmode: 'verify-full', parameters: root }, { parameters: {} }],
    ['a root out of nowhere', { ...plain, sslmode: 'verify-full' }, { parameters: root }],
    [
      'channel binding left out',
      { ...plain, parameters: { channel_binding: 'require' } },
      { parameters: {} },
    ],
    ['another service file', service, { parameters: { service: 'a', servicefile: '/x' } }],
    ['a host in place of the service’s', service, { fromService: ['sslmode'] }],
    ['an encryption in place of the service’s', service, { fromService: ['host'] }],
    ['another SSH user', { ...plain, tunnel }, { tunnel: { ...tunnel, user: 'eve' } }],
    ['another folder', { ...plain, companion }, { companion: { ...companion, folder: '/tmp' } }],
    ['another address to wait for', { ...plain, companion }, { companion: { ...companion, waitFor: 'x:1' } }],
  ])('is another with %s', (_, stored, change) => {
    expect(samePlace(stored, { ...stored, ...change })).toBe(false);
  });

  it.each<[string, Connection, Partial<Connection>]>([
    ['another database and other patience', plain, { database: 'x', parameters: { connect_timeout: '3' } }],
    ['more proof', plain, { sslmode: 'verify-full' }],
    [
      'encryption and a root at once',
      { ...plain, sslmode: 'prefer' },
      { sslmode: 'verify-ca', parameters: root },
    ],
    ['a name that is checked, too', { ...plain, sslmode: 'verify-ca' }, { sslmode: 'verify-full' }],
    ['a mode of the same worth', { ...plain, sslmode: 'prefer' }, { sslmode: 'disable' }],
    ['channel binding', plain, { parameters: { channel_binding: 'require' } }],
    [
      'the most there is in place of the service’s',
      service,
      { sslmode: 'verify-full', fromService: ['host'] },
    ],
  ])('is the same with %s', (_, stored, change) => {
    expect(samePlace(stored, { ...stored, ...change })).toBe(true);
  });
});
