import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEnvironmentList } from '../../../main/environments/index.ts';
import { connectLocal, serveLocal } from '../../../main/faces/local-socket.ts';
import { importsRouter } from '../../../main/imports/index.ts';
import { implementContract } from '../../../main/rpc.ts';
import { type Keychain, openSecrets } from '../../../main/secrets/index.ts';
import { openSettings } from '../../../main/settings/index.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';

/** A keychain that can be looked into. */
function openKeychain(): { kept: Map<string, string>; keychain: Keychain } {
  const kept = new Map<string, string>();
  return {
    kept,
    keychain: {
      getPassword: async (_, account) => kept.get(account) ?? null,
      setPassword: async (_, account, password) => {
        kept.set(account, password);
      },
      deletePassword: async (_, account) => kept.delete(account),
      accounts: async () => [...kept.keys()],
    },
  };
}

const secret = 'hunTer2-Xq';

describe('importing connections', () => {
  let console: TestConsole;
  let folder: string;
  let store: ReturnType<typeof openKeychain>;
  beforeEach(async () => {
    store = openKeychain();
    folder = mkdtempSync(join(tmpdir(), 'howdah-import-'));
    console = await openTestConsole({ keychain: store.keychain, connect: false });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await console.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (name: string, text: string): { path: string } => {
    writeFileSync(join(folder, name), text);
    return { path: join(folder, name) };
  };
  const env = () =>
    put(
      '.env',
      `A_DATABASE_URL=postgres://ada:${secret}@a.example.com/orders?sslmode=require\nB_DATABASE_URL=postgres://ada@127.0.0.1:1/orders\n`,
    );
  const previewOf = (...sources: { path: string }[]) => console.client.imports.preview({ sources });
  const names = async () => (await console.client.environments.list()).environments.map(({ name }) => name);

  it('shows what is in a file, changes nothing, and tells no password', async () => {
    const preview = await previewOf(env());
    expect(preview.problems).toEqual([]);
    expect(preview.candidates).toMatchObject([
      {
        kind: 'env',
        file: '.env',
        line: 1,
        from: 'A_DATABASE_URL',
        hasPassword: true,
        same: null,
        draft: { name: 'orders-a' },
      },
      { line: 2, hasPassword: false, draft: { name: 'orders-local' } },
    ]);
    expect(JSON.stringify(preview)).not.toContain(secret);
    expect(await names()).toEqual([]);
  });

  it('adds those that are chosen, as corrected, with the password found in the file', async () => {
    const preview = await previewOf(env());
    const [first] = preview.candidates;
    if (!first) throw new Error('nothing found');
    const draft = { ...first.draft, name: 'Orders', group: 'shop', color: 'teal' as const };
    const { added } = await console.client.imports.take({
      preview: preview.id,
      choices: [{ key: first.key, draft, password: true, connect: false }],
    });
    expect(added).toMatchObject([
      { name: 'Orders', group: 'shop', color: 'teal', password: 'keychain', connect: false },
    ]);
    expect([...store.kept.values()]).toEqual([secret]);
    expect(JSON.stringify([added, await console.client.audit.list({ limit: 10 })])).not.toContain(secret);
    expect(await previewOf(env())).toMatchObject({ candidates: [{ same: 'Orders' }, { same: null }] });
  });

  it('leaves the password where it is when that is wanted', async () => {
    const preview = await previewOf(env());
    const choices = preview.candidates.map(({ key, draft }) => ({
      key,
      draft,
      password: false,
      connect: false,
    }));
    const { added } = await console.client.imports.take({ preview: preview.id, choices });
    expect(added.map(({ password }) => password)).toEqual(['none', 'none']);
    expect(store.kept.size).toBe(0);
  });

  it.each<[string, object]>([
    ['another host', { host: 'eve.example.com' }],
    ['this machine as its host', { host: 'localhost' }],
    ['another port', { port: 6432 }],
    ['another role', { user: 'eve' }],
    ['a tunnel', { tunnel: { host: 'bastion', auth: 'auto' } }],
    ['another address behind the name', { parameters: { hostaddr: '10.0.0.1' } }],
    ['less encryption', { sslmode: 'disable' }],
  ])('does not give the password found to a draft with %s, and says so', async (_, change) => {
    const preview = await previewOf(env());
    const [first, second] = preview.candidates;
    if (!first || !second) throw new Error('nothing found');
    const connection = { ...first.draft.connection, ...change };
    const { added, withoutPassword } = await console.client.imports.take({
      preview: preview.id,
      choices: [
        { key: first.key, draft: { ...first.draft, connection }, password: true, connect: false },
        { key: second.key, draft: second.draft, password: true, connect: false },
      ],
    });
    expect(added.map(({ password }) => password)).toEqual(['none', 'none']);
    expect(withoutPassword).toEqual([first.draft.name]);
    expect(store.kept.size).toBe(0);
  });

  it('gives the password of a container’s name to this machine, and to another database', async () => {
    const sources = [put('.env', `DATABASE_URL=postgres://ada:${secret}@db:5433/orders\n`)];
    for (const [name, change, kept] of [
      ['here', { host: '127.0.0.1', sslmode: 'prefer' }, 'keychain'],
      ['database', { database: 'other' }, 'keychain'],
      ['port', { host: 'localhost', port: 1 }, 'none'],
      ['elsewhere', { host: 'eve.example.com' }, 'none'],
    ] as const) {
      const preview = await previewOf(...sources);
      const [one] = preview.candidates;
      if (!one) throw new Error('nothing found');
      const connection = { ...one.draft.connection, ...change };
      const { added } = await console.client.imports.take({
        preview: preview.id,
        choices: [
          {
            key: one.key,
            draft: { ...one.draft, name, protection: 'guarded', connection },
            password: true,
            connect: false,
          },
        ],
      });
      expect(added, name).toMatchObject([{ password: kept }]);
    }
  });

  it('answers more files than go into one message in words, over a socket too', async () => {
    const local = await serveLocal(console.console, folder, () => undefined);
    const { client, close } = await connectLocal(local.address);
    try {
      const content = Buffer.alloc(4_900_000, '#').toString('base64');
      const file = (name: string) => ({ name, content });
      await expect(client.imports.preview({ sources: [file('a.env'), file('b.env')] })).rejects.toMatchObject(
        {
          code: 'INVALID',
          data: { field: 'sources', cause: 'files-too-large', what: expect.stringContaining('9.8 MB') },
        },
      );
      expect(await client.imports.preview({ sources: [file('a.env')] })).toMatchObject({ candidates: [] });
    } finally {
      close();
      await local.close();
    }
  });

  it('forgets a preview that was taken, and one that nobody took for a quarter of an hour', async () => {
    const taken = await previewOf(env());
    const [first] = taken.candidates;
    if (!first) throw new Error('nothing found');
    const take = (id: string) =>
      console.client.imports.take({
        preview: id,
        choices: [
          { key: first.key, draft: { ...first.draft, name: id.slice(0, 8) }, password: true, connect: false },
        ],
      });
    await take(taken.id);
    await expect(take(taken.id)).rejects.toMatchObject({
      code: 'INVALID',
      data: { field: 'preview', cause: 'preview-gone' },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const left = await previewOf(env());
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    vi.useRealTimers();
    await expect(take(left.id)).rejects.toMatchObject({ data: { cause: 'preview-gone' } });
  });

  it('adds all or none: a name that is taken, twice the same name, a key from elsewhere', async () => {
    await console.client.environments.add({
      draft: draftFor('postgres://u@h/d', { name: 'Taken' }),
      connect: false,
    });
    const preview = await previewOf(env());
    const [first, second] = preview.candidates;
    if (!first || !second) throw new Error('nothing found');
    const choose = (key: string, name: string) => ({
      key,
      draft: { ...first.draft, name },
      password: true,
      connect: false,
    });
    for (const [choices, field] of [
      [[choose(first.key, 'New'), choose(second.key, 'taken')], 'choices.1.draft.name'],
      [[choose(first.key, 'New'), choose(second.key, 'NEW')], 'choices.1.draft.name'],
      [[choose(first.key, 'New'), choose('999', 'Other')], 'choices.1.key'],
      [[choose(first.key, 'New'), choose(first.key, 'Other')], 'choices.1.key'],
    ] as const) {
      const taking = console.client.imports.take({ preview: preview.id, choices: [...choices] });
      await expect(taking).rejects.toMatchObject({ code: 'INVALID', data: { field } });
    }
    expect(await names()).toEqual(['Taken']);
    expect(store.kept.size).toBe(0);
    await console.client.imports.take({ preview: preview.id, choices: [choose(first.key, 'New')] });
    expect(await names()).toEqual(['Taken', 'New']);
  });

  it('gives free names, and says when two of the files are for the same place', async () => {
    await console.client.environments.add({
      draft: draftFor('postgres://u@h/d', { name: 'orders-A' }),
      connect: false,
    });
    const { candidates } = await previewOf(
      env(),
      put('other.env', 'X_URL=postgres://ada@a.example.com/orders\n'),
    );
    expect(candidates.map(({ draft }) => draft.name)).toEqual(['orders-a 2', 'orders-local', 'orders-other']);
    expect(candidates[2]?.notes.map(({ id }) => id)).toContain('same-in-preview');
  });

  it('writes environments for a team without secrets, and reads them back to the same', async () => {
    const connection = {
      host: 'db.example.com',
      port: 5433,
      database: 'd',
      user: 'u',
      sslmode: 'verify-full' as const,
      parameters: { application_name: 'x' },
      tunnel: { host: 'bastion', auth: 'auto' as const },
      companion: {
        command: `PGPASSWORD=${secret} proxy --token "${secret}" postgres://a:${secret}@h`,
        timeoutSeconds: 30,
      },
    };
    const draft = {
      name: 'live',
      group: 'g',
      color: 'red' as const,
      protection: 'guarded' as const,
      connection,
    };
    await console.client.environments.add({
      draft,
      connect: false,
      password: { password: secret, remember: true },
    });
    const plain = {
      ...draft,
      name: 'plain',
      connection: {
        ...connection,
        host: 'other.example.com',
        companion: { command: 'proxy', timeoutSeconds: 5 },
      },
    };
    await console.client.environments.add({ draft: plain, connect: false });
    const { name, text } = await console.client.imports.export({});
    expect(name).toBe('howdah-environments.json');
    expect(text).not.toContain(secret);

    const again = await openTestConsole({ connect: false });
    try {
      const preview = await again.client.imports.preview({
        sources: [{ name, content: Buffer.from(text).toString('base64') }],
      });
      expect(preview.problems).toEqual([]);
      expect(preview.candidates[1]?.draft).toEqual(plain);
      expect(preview.candidates[0]?.notes.map(({ id }) => id)).toEqual([
        'companion-command',
        'companion-incomplete',
      ]);
    } finally {
      await again.remove();
    }
    const some = await console.client.imports.export({ environments: ['plain'] });
    expect(JSON.parse(some.text).environments).toHaveLength(1);
    await expect(console.client.imports.export({ environments: ['nobody'] })).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNKNOWN',
    });
  });

  it('answers a file that can’t be read with a problem, beside those that can', async () => {
    const preview = await previewOf(
      env(),
      { path: join(folder, 'missing') },
      { path: '/dev/zero' },
      put('x.json', '{"a":'),
    );
    expect(preview.candidates).toHaveLength(2);
    expect(preview.problems.map(({ file }) => file)).toEqual(['missing', 'zero', 'x.json']);
  });
});

describe('taking half-way', () => {
  it('takes back what was added when a later one fails, and connects only what was chosen once all are there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-import-'));
    try {
      const secrets = await openSecrets(undefined);
      const list = await openEnvironmentList({
        settings: openSettings(folder),
        secrets,
        samplePassword: async () => undefined,
        onChange: () => undefined,
      });
      const audit = { begin: () => 1, finish: () => undefined };
      const os = implementContract({ findEnvironment: list.find, audit });
      const connected: string[] = [];
      let left = 2;
      const router = importsRouter(os, {
        list: list.all,
        add: async (draft, options) => {
          left -= 1;
          if (left < 0) throw new Error('No space left on device.');
          return list.add(draft, options);
        },
        setPassword: (id, password) => list.setPassword(id, password, true),
        removeAgain: list.remove,
        connect: (id) => connected.push(list.find(id).name),
      });
      const client = createRouterClient(router, { context: { who: 'tester' } });
      const urls = ['a', 'b', 'c'].map(
        (name) => `${name}_URL=postgres://u:${secret}@${name}.example.com/${name}_data`,
      );
      const sources = [{ name: '.env', content: Buffer.from(urls.join('\n')).toString('base64') }];
      const preview = await client.preview({ sources });
      const choices = preview.candidates.map(({ key, draft }) => ({
        key,
        draft,
        password: true,
        connect: key !== '2',
      }));
      await expect(client.take({ preview: preview.id, choices })).rejects.toThrow();
      expect(list.all()).toEqual([]);
      expect(openSettings(folder).read().environments).toEqual([]);
      expect(connected).toEqual([]);

      left = 3;
      await client.take({ preview: preview.id, choices });
      expect(list.all().map(({ name, password }) => [name, password])).toEqual([
        ['a_data-a', 'memory'],
        ['b_data-b', 'memory'],
        ['c_data-c', 'memory'],
      ]);
      expect(connected).toEqual(['a_data-a', 'c_data-c']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
