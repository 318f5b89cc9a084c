import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '@orpc/server';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environmentCommands } from '../../../main/environments/commands.ts';
import { implementContract } from '../../../main/rpc.ts';
import type { EnvironmentDraft } from '../../../preload/contract/environments.ts';
import type { SampleProgress } from '../../../preload/contract/sample.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let howdah: TestConsole;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-protection-'));
  howdah = await openTestConsole({ connect: false });
});
afterEach(async () => {
  await howdah.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves an environment without connecting it. */
const save = (url: string, more: Partial<EnvironmentDraft>, confirm?: string) =>
  howdah.client.environments.add({
    draft: draftFor(url, more),
    connect: false,
    ...(confirm === undefined ? {} : { confirm }),
  });
const wantsName = (environmentName: string) => ({
  code: 'CONFIRMATION_REQUIRED',
  data: { environmentName, cause: 'confirmation' },
});

describe('a bare URL', () => {
  const protectionOf = async (url: string) => (await howdah.client.environments.open({ url })).protection;

  it.each([
    'postgres://0.0.0.0:7/x',
    'postgres://127.1:7/x',
    'postgres://2130706433:7/x',
    'postgres://0x7f.0.0.1:7/x',
    'postgres://localhost.:7/x',
    'postgres://LOCALHOST:7/x',
    'postgres://db.localhost:7/x',
    'postgres://[::ffff:127.0.0.1]:7/x',
    'postgres://[::ffff:7f00:1]:7/x',
    'postgres://[::]:7/x',
    'postgres://x:7/x?hostaddr=127.0.0.1',
    'postgres://x:7/x?hostaddr=::1',
    'postgres:///x?host=/var/run/postgresql&port=7',
    'postgres://other:1,127.0.0.9:7/x',
    `postgres://${hostname()}:7/x`,
  ])('does not get round what protects this machine’s server: %s', async (url) => {
    await save('postgres://ada@127.0.0.1:7/app', { name: 'prod', protection: 'guarded' });
    expect(await protectionOf(url)).toBe('guarded');
  });

  it.each([
    'postgres://PROD.example.com./x',
    'postgres://prod.example.com/x?hostaddr=10.0.0.1',
    'postgres://x/x?hostaddr=203.0.113.7',
    'postgres://[::ffff:203.0.113.7]/x',
  ])('does not get round what protects a server elsewhere: %s', async (url) => {
    await save('postgres://ada@prod.example.com,203.0.113.7/app', { name: 'prod', protection: 'read-only' });
    expect(await protectionOf(url)).toBe('read-only');
  });

  it('is as free as before where nothing protects its server', async () => {
    await save('postgres://ada@127.0.0.1:7/app', { name: 'prod', protection: 'guarded' });
    await save('postgres:///app?host=/cloudsql/p:r:i', { name: 'cloud', protection: 'guarded' });
    const through: EnvironmentDraft = draftFor('postgres://ada@127.0.0.1:9/app', { name: 'far' });
    await howdah.client.environments.add({
      draft: {
        ...through,
        protection: 'read-only',
        connection: { ...through.connection, tunnel: { host: 'bastion.example.com', auth: 'auto' } },
      },
      connect: false,
    });
    expect(await protectionOf('postgres://127.0.0.1:8/x')).toBe('open');
    expect(await protectionOf('postgres://db.example.com:7/x')).toBe('open');
    expect(await protectionOf('postgres://127.0.0.1:9/x')).toBe('open');
    expect(await protectionOf('postgres://127.0.0.1:5432/x')).toBe('open');
    // The server itself, met at its own door.
    expect(await protectionOf('postgres://bastion.example.com:9/x')).toBe('read-only');
  });

  it('of a service goes by what the service file says, and by the strictest of all where that can’t be read', async () => {
    const servicefile = join(folder, 'services.conf');
    writeFileSync(servicefile, '[prod]\nhost=127.0.0.1\nport=7\n[dev]\nhost=127.0.0.1\nport=8\n');
    await save('postgres://ada@127.0.0.1:7/app', { name: 'prod', protection: 'guarded' });
    await save('postgres://ada@far.example.com/app', { name: 'far', protection: 'read-only' });
    const at = (service: string) => `postgres:///x?service=${service}&servicefile=${servicefile}`;
    expect(await protectionOf(at('prod'))).toBe('guarded');
    expect(await protectionOf(at('dev'))).toBe('open');
    expect(await protectionOf(at('nobody'))).toBe('read-only');
  });
});

describe('a further environment on a protected server', () => {
  const url = 'postgres://ada@prod.example.com/app';
  beforeEach(async () => {
    await save(url, { name: 'prod', protection: 'guarded' });
  });

  it('with less protection wants the name of the one that protects it', async () => {
    const act = (confirm?: string) => save('postgres://bob@PROD.example.com./x', { name: 'tmp' }, confirm);
    await expect(act()).rejects.toMatchObject(wantsName('prod'));
    await expect(act('tmp')).rejects.toMatchObject(wantsName('prod'));
    await expect(act('prod')).resolves.toMatchObject({ name: 'tmp', protection: 'open' });
  });

  it('with as much protection, or elsewhere, wants nothing', async () => {
    await expect(save(url, { name: 'same', protection: 'guarded' })).resolves.toBeDefined();
    await expect(save(url, { name: 'more', protection: 'read-only' })).resolves.toBeDefined();
    await expect(save('postgres://ada@prod.example.com:6432/x', { name: 'else' })).resolves.toBeDefined();
    await expect(howdah.client.environments.duplicate({ environment: 'prod' })).resolves.toBeDefined();
  });

  it('wants the strictest one’s name, of one that was opened from a URL too', async () => {
    await save(url, { name: 'shut', protection: 'read-only' });
    await expect(save(url, { name: 'tmp' }, 'prod')).rejects.toMatchObject(wantsName('shut'));
    await expect(save(url, { name: 'tmp', protection: 'guarded' })).rejects.toMatchObject(wantsName('shut'));
    const opened = await howdah.client.environments.open({ url });
    await expect(
      howdah.client.environments.update({
        environment: opened.id,
        changes: { protection: 'open' },
        confirm: opened.name,
      }),
    ).rejects.toMatchObject(wantsName('shut'));
  });

  it('can’t be moved there, or made open there by its own name', async () => {
    await save('postgres://ada@dev.example.com/x', { name: 'dev' });
    const { connection } = draftFor(url);
    const move = (confirm?: string) =>
      howdah.client.environments.update({
        environment: 'dev',
        changes: { connection },
        ...(confirm === undefined ? {} : { confirm }),
      });
    await expect(move()).rejects.toMatchObject(wantsName('prod'));
    await expect(move('dev')).rejects.toMatchObject(wantsName('prod'));
    await save(url, { name: 'tmp', protection: 'guarded' });
    const open = (confirm: string) =>
      howdah.client.environments.update({ environment: 'tmp', changes: { protection: 'open' }, confirm });
    await expect(open('tmp')).rejects.toMatchObject(wantsName('prod'));
    await open('prod');
    // As it is there already, its other fields are free.
    await howdah.client.environments.update({
      environment: 'tmp',
      changes: { connection: { ...connection, database: 'other' } },
    });
    await expect(move('prod')).resolves.toMatchObject({ connection: { host: 'prod.example.com' } });
  });

  it('from the command line wants --confirm', async () => {
    const add = async (...more: string[]) => {
      const program = new Command();
      environmentCommands(program, async (_, work) => void (await work(howdah.client)));
      const args = ['environments', 'add', url, '--name', 'tmp', '--json', ...more];
      await program.parseAsync(args, { from: 'user' });
    };
    const write = process.stdout.write;
    process.stdout.write = () => true;
    try {
      await expect(add()).rejects.toMatchObject(wantsName('prod'));
      await add('--confirm', 'prod');
    } finally {
      process.stdout.write = write;
    }
    expect((await howdah.client.environments.list()).environments.map(({ name }) => name)).toContain('tmp');
  });

  it('through a tunnel is another server, unless the tunnel is the same', async () => {
    const through = (name: string, host: string) => {
      const draft = draftFor('postgres://ada@localhost/app', { name });
      return { ...draft, connection: { ...draft.connection, tunnel: { host, auth: 'auto' as const } } };
    };
    const put = (draft: EnvironmentDraft) => howdah.client.environments.add({ draft, connect: false });
    await put({ ...through('far', 'bastion'), protection: 'guarded' });
    await put(through('other', 'elsewhere'));
    await save('postgres://ada@localhost/app', { name: 'here' });
    await expect(put(through('again', 'BASTION'))).rejects.toMatchObject(wantsName('far'));
  });

  it('taken from a file is proposed as protected, and wants the name for less', async () => {
    const text = 'A_URL=postgres://eve@prod.example.com/app\nB_URL=postgres://eve@localhost/app\n';
    const preview = await howdah.client.imports.preview({
      sources: [{ name: '.env', content: Buffer.from(text).toString('base64') }],
    });
    await save('postgres://ada@127.0.0.1/app', { name: 'here', protection: 'read-only' });
    const again = await howdah.client.imports.preview({
      sources: [{ name: '.env', content: Buffer.from(text).toString('base64') }],
    });
    expect(preview.candidates.map(({ draft }) => draft.protection)).toEqual(['guarded', 'open']);
    expect(again.candidates.map(({ draft }) => draft.protection)).toEqual(['guarded', 'read-only']);
    expect(again.candidates[1]?.notes.map(({ id }) => id)).toContain('protection-raised');
    const take = (confirm?: string) =>
      howdah.client.imports.take({
        preview: again.id,
        choices: again.candidates.map(({ key, draft }) => ({
          key,
          draft: { ...draft, protection: key === '2' ? ('open' as const) : draft.protection },
          password: false,
          connect: false,
          ...(confirm === undefined ? {} : { confirm }),
        })),
      });
    await expect(take()).rejects.toMatchObject(wantsName('here'));
    expect((await howdah.client.environments.list()).environments).toHaveLength(2);
    expect((await take('here')).added).toHaveLength(2);
  });
});

describe('the audit log', () => {
  const secret = 'hunTer2-Xq';

  it('keeps no secret of a companion’s command, neither in the list nor in the file', async () => {
    const draft = draftFor('postgres://ada@127.0.0.1:1/app', { name: 'proxied' });
    const commands = [
      `PGPASSWORD=${secret} proxy --token ${secret} --password="a b ${secret}"`,
      `curl -H 'Authorization: Bearer ${secret}' https://x; psql "host=h password='${secret} x' sslpassword=${secret}"`,
      `psql postgres://ada:a/b#c?${secret}@d@host/db`,
    ];
    for (const [index, command] of commands.entries()) {
      await howdah.client.environments.add({
        draft: {
          ...draft,
          name: `proxied ${index}`,
          connection: { ...draft.connection, companion: { command, timeoutSeconds: 1, stop: command } },
        },
        connect: false,
      });
    }
    const { entries } = await howdah.client.audit.list({ limit: 50 });
    expect(entries).toHaveLength(3);
    expect(JSON.stringify(entries)).not.toContain(secret);
    expect(JSON.stringify(entries)).toContain('PGPASSWORD=•••');
    for (const name of ['howdah.db', 'howdah.db-wal']) {
      expect(readFileSync(join(howdah.dataFolder, name)).includes(secret), name).toBe(false);
    }
  });

  const entry = async () => {
    const { entries } = await howdah.client.audit.list({ text: 'sample.start', limit: 1 });
    return entries[0]?.outcome !== 'started' && entries[0];
  };

  it('says that an act which tells its progress failed when it failed, and only at its end', async () => {
    await howdah.remove();
    howdah = await openTestConsole({ connect: false, assets: join(folder, 'none') });
    const progress = await howdah.client.sample.start({ workload: false });
    expect(await entry()).toBe(false);
    await expect(
      (async () => {
        for await (const _ of progress);
      })(),
    ).rejects.toThrow();
    expect(await entry()).toMatchObject({ outcome: 'failed', result: expect.stringMatching(/./) });
  });

  it('says that it failed when nobody waited for its end', async () => {
    await howdah.remove();
    howdah = await openTestConsole({ connect: false, assets: join(folder, 'none') });
    const given = new AbortController();
    const progress = await howdah.client.sample.start({ workload: false }, { signal: given.signal });
    given.abort();
    await progress.return?.();
    expect(await eventually(entry, 2000)).toMatchObject({ outcome: 'failed' });
  });
});

describe('the audit of an act that tells its progress', () => {
  /** A start of the sample that gives these steps, and what the log is told of it. */
  function starting(steps: () => AsyncGenerator<SampleProgress, void, void>) {
    const told: string[] = [];
    const os = implementContract({
      findEnvironment: () => {
        throw new Error('There is none.');
      },
      audit: {
        begin: () => 1,
        finish: (_, outcome, __, result) => told.push(`${outcome}: ${result}`),
      },
    });
    const start = os.sample.start.handler(steps);
    const run = (signal?: AbortSignal) =>
      call(start, { workload: false }, { context: { who: 'tester' }, ...(signal ? { signal } : {}) });
    return { told, run };
  }
  const two = async function* () {
    yield { step: 'first', done: 0, total: 2 };
    yield { step: 'second', done: 1, total: 2 };
  };

  it('is done at its end, with what it said last', async () => {
    const { told, run } = starting(two);
    for await (const _ of await run()) expect(told).toEqual([]);
    expect(told).toEqual(['done: second']);
  });

  it('is failed where nobody wanted to know more', async () => {
    const { told, run } = starting(two);
    for await (const _ of await run()) break;
    expect(told).toEqual(['failed: It was stopped before its end.']);
  });

  it('is failed where the call was given up, before its first step too', async () => {
    const given = new AbortController();
    const { told, run } = starting(two);
    await run(given.signal);
    given.abort();
    expect(told).toEqual(['failed: It was stopped before its end.']);
  });

  it('is failed with the error, which reaches the caller in words', async () => {
    const { told, run } = starting(async function* () {
      yield { step: 'first', done: 0, total: 2 };
      throw new Error('No space left on device.');
    });
    const all = async () => {
      for await (const _ of await run());
    };
    await expect(all()).rejects.toMatchObject({
      code: 'UNEXPECTED',
      data: { why: 'No space left on device.' },
    });
    expect(told).toEqual(['failed: Something went wrong inside Howdah.']);
  });
});

describe('a guarded environment on a real server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  it('keeps its sessions from being ended by way of its socket’s folder', async () => {
    const password = { password: 'postgres', remember: false };
    await howdah.client.environments.add({
      draft: draftFor(server.url(), { name: 'prod', protection: 'guarded' }),
      password,
      connect: false,
    });
    const bare = `postgres://postgres@/postgres?host=${encodeURIComponent(server.socketFolder)}&port=${server.port}`;
    const { id, name } = await howdah.client.environments.open({ url: bare, password });
    await howdah.client.environments.connect({ environment: id, keep: false });
    const session = await server.connect({ application: 'victim' });
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const sample = await eventually(async () => {
      const seen = await howdah.client.activity.show({ environment: id });
      return seen.backends.find(({ pid }) => pid === rows[0]?.pid);
    });
    await expect(
      howdah.client.activity.terminate({
        environment: id,
        backends: [{ pid: sample.pid, backendStart: sample.backendStart }],
      }),
    ).rejects.toMatchObject(wantsName(name));
    expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
