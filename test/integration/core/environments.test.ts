import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlreadyRunning, holdDataFolder } from '../../../main/instance.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';

/** A port on which nothing listens: these tests need no server. */
const url = 'postgres://ada@127.0.0.1:1/app?sslmode=disable';
const secret = 'correct-horse-battery';

describe('environments', () => {
  let howdah: TestConsole;
  beforeAll(async () => {
    howdah = await openTestConsole({ connect: false });
  });
  afterAll(() => howdah?.remove());
  const add = (name: string, more = {}) =>
    howdah.client.environments.add({ draft: draftFor(url, { name, ...more }) });
  const names = async () => (await howdah.client.environments.list()).environments.map(({ name }) => name);

  it.each([
    ['an empty name', { name: '  ' }],
    ['port 0', { connection: { ...draftFor(url).connection, port: 0 } }],
    ['port 70000', { connection: { ...draftFor(url).connection, port: 70000 } }],
    ['an empty host', { connection: { ...draftFor(url).connection, host: ' ' } }],
  ])('refuses %s by naming the field', async (_, more) => {
    const before = await names();
    const act = howdah.client.environments.add({ draft: { ...draftFor(url), ...more } });
    await expect(act).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await names()).toEqual(before);
  });

  it('refuses a name that is taken, whatever its case', async () => {
    await add('Orders');
    await expect(add('orders')).rejects.toMatchObject({
      code: 'INVALID',
      data: { field: 'name', cause: 'name-taken' },
    });
  });

  it('writes in the audit log which environment was added', async () => {
    await add('newcomer');
    const { entries } = await howdah.client.audit.list({ text: 'environments.add', limit: 1 });
    expect(entries[0]).toMatchObject({ environmentName: 'newcomer', outcome: 'done', result: 'newcomer' });
  });

  it('duplicates, orders and groups', async () => {
    await add('first');
    await add('second');
    const copy = await howdah.client.environments.duplicate({ environment: 'first' });
    expect(copy.name).toBe('first copy');
    await howdah.client.environments.reorder({
      order: [
        { environment: 'second', group: 'prod' },
        { environment: 'first', group: 'prod' },
      ],
    });
    const { environments } = await howdah.client.environments.list();
    expect(environments.slice(0, 2).map(({ name, group }) => `${group}/${name}`)).toEqual([
      'prod/second',
      'prod/first',
    ]);
    expect(environments.map(({ name }) => name)).toEqual(expect.arrayContaining(['Orders', 'first copy']));
  });

  it('wants the name typed before protection is lowered, the address changes, or a guarded one is removed', async () => {
    await add('prod', { protection: 'guarded' });
    const change = (changes: object, confirm?: string) =>
      howdah.client.environments.update({ environment: 'prod', changes, ...(confirm ? { confirm } : {}) });
    await expect(change({ protection: 'open' })).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await expect(
      change({ connection: { ...draftFor(url).connection, host: 'elsewhere' } }),
    ).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
    await expect(howdah.client.environments.remove({ environment: 'prod' })).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
    await change({ color: 'red' });
    await expect(change({ name: 'x' })).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await change({ protection: 'read-only' });
    await change({ protection: 'guarded' }, 'prod');
    await howdah.client.environments.remove({ environment: 'prod', confirm: 'prod' });
    expect(await names()).not.toContain('prod');
  });

  it('never sends a password to another server than the one it was given for', async () => {
    await howdah.client.environments.add({
      draft: draftFor(url, { name: 'moving' }),
      password: { password: secret, remember: true },
    });
    const connection = { ...draftFor(url).connection, database: 'other' };
    const same = await howdah.client.environments.update({ environment: 'moving', changes: { connection } });
    expect(same.password).toBe('memory');
    const moved = await howdah.client.environments.update({
      environment: 'moving',
      changes: { connection: { ...connection, host: '127.0.0.2' } },
    });
    expect(moved.password).toBe('none');
  });

  it('keeps passwords in memory and says so where there is no keychain, and writes none down anywhere', async () => {
    const added = await howdah.client.environments.add({
      draft: draftFor(url, { name: 'secretive' }),
      password: { password: secret, remember: true },
    });
    expect(added.password).toBe('memory');
    expect((await howdah.client.console.info()).keychain.available).toBe(false);
    await howdah.client.environments.open({ url: `postgres://ada:${secret}@127.0.0.1:1/app` });
    await howdah.client.environments.connect({ environment: 'secretive' }).catch(() => undefined);
    const { entries } = await howdah.client.audit.list({ limit: 500 });
    expect(JSON.stringify(entries)).not.toContain(secret);
    expect(JSON.stringify(await howdah.client.environments.list())).not.toContain(secret);
    for (const name of readdirSync(howdah.dataFolder)) {
      expect(readFileSync(join(howdah.dataFolder, name)).includes(secret), name).toBe(false);
    }
    expect(statSync(join(howdah.dataFolder, 'settings.json')).mode & 0o077).toBe(0);
  });

  it('gives a bare URL the strictest protection of the environments on that server', async () => {
    const at = (host: string, port: number) => `postgres://ada@${host}:${port}/app?sslmode=disable`;
    await howdah.client.environments.add({
      draft: draftFor(at('127.0.0.1', 7), { name: 'watched', protection: 'guarded' }),
    });
    const protectionOf = async (bare: string) =>
      (await howdah.client.environments.open({ url: bare })).protection;
    expect(await protectionOf(at('127.0.0.1', 7))).toBe('guarded');
    expect(await protectionOf('postgres://someone@localhost:7/other')).toBe('guarded');
    expect(await protectionOf(at('127.0.0.1', 8))).toBe('open');
    await howdah.client.environments.add({
      draft: draftFor(at('127.0.0.1', 7), { name: 'shut', protection: 'read-only' }),
    });
    expect(await protectionOf(at('127.0.0.1', 7))).toBe('read-only');
  });

  it('refuses parameters that would put a secret into the settings', async () => {
    const connection = { ...draftFor(url).connection, parameters: { sslpassword: secret } };
    const act = howdah.client.environments.add({ draft: { ...draftFor(url), name: 'leaky', connection } });
    await expect(act).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(readFileSync(join(howdah.dataFolder, 'settings.json'), 'utf8')).not.toContain(secret);
  });

  it('forgets an environment of a bare URL when the console closes', async () => {
    const opened = await howdah.client.environments.open({ url });
    expect(opened).toMatchObject({
      transient: true,
      name: expect.stringMatching(/^ada@127\.0\.0\.1:1\/app/),
    });
    expect(readFileSync(join(howdah.dataFolder, 'settings.json'), 'utf8')).not.toContain(opened.id);
  });

  it('answers for an environment that is not there', async () => {
    await expect(howdah.client.activity.show({ environment: 'nobody' })).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNKNOWN',
    });
  });
});

describe('the data folder', () => {
  it('is held by one console, and free again when that one is gone', async () => {
    const howdah = await openTestConsole({ connect: false });
    const hold = holdDataFolder(howdah.dataFolder);
    expect(() => holdDataFolder(howdah.dataFolder)).toThrow(AlreadyRunning);
    hold.announce({ pid: 1, face: 'browser', socket: '/x' });
    expect(() => holdDataFolder(howdah.dataFolder)).toThrow(
      expect.objectContaining({ info: { pid: 1, face: 'browser', socket: '/x' } }),
    );
    hold.release();
    holdDataFolder(howdah.dataFolder).release();
    await howdah.remove();
  });
});
