import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Keychain } from '../../../main/secrets/index.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

/* Two machines with a keychain each, and one server. */
let server: TestServer;
const consoles: TestConsole[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  for (const one of consoles) await one.remove();
  await server?.remove();
});

async function machine(): Promise<TestConsole> {
  const kept = new Map<string, string>();
  const keychain: Keychain = {
    getPassword: async (_service, account) => kept.get(account) ?? null,
    setPassword: async (_service, account, secret) => void kept.set(account, secret),
    deletePassword: async (_service, account) => kept.delete(account),
    accounts: async () => [...kept.keys()],
  };
  const opened = await openTestConsole({ keychain });
  consoles.push(opened);
  const { id } = await opened.client.environments.add({
    draft: draftFor(server.url(), { name: 'db' }),
    password: { password: 'postgres', remember: false },
  });
  await opened.client.environments.connect({ environment: id });
  return opened;
}

it('what one machine encrypted is opened by another with a copy of the key, and its own older ones still are', async () => {
  const [here, there] = [await machine(), await machine()];
  expect(await here.client.backups.key()).toEqual({ recipient: null });
  const encrypted = async ({ client }: TestConsole): Promise<string> => {
    const options = { format: 'custom', encryption: { kind: 'key' } } as const;
    for await (const event of await client.backups.create({ environment: 'db', options }))
      if (event.kind === 'finished') return event.backup.path;
      else if (event.kind === 'failed') throw new Error(event.problem.what);
    throw new Error('no end');
  };
  const stateOf = async ({ client }: TestConsole, backup: string): Promise<string> => {
    for await (const event of await client.backups.verify({ backup, level: 'readable' }))
      if (event.kind === 'verified') return event.backup.verification.state;
    throw new Error('no end');
  };
  const [ours, theirs] = [await encrypted(here), await encrypted(there)];
  await expect(stateOf(there, ours)).rejects.toMatchObject({ data: { cause: 'key-missing' } });
  const copy = await here.client.backups.revealKey();
  expect(await here.client.backups.key()).toEqual({ recipient: copy.recipient });
  expect(await identityToRecipient(copy.identity)).toBe(copy.recipient);

  await expect(there.client.backups.takeKey({ identity: 'AGE-SECRET-KEY-1NO' })).rejects.toMatchObject({
    data: { cause: 'key-malformed' },
  });
  expect(await there.client.backups.takeKey({ identity: copy.identity })).toEqual({
    recipient: copy.recipient,
  });
  for (const backup of [ours, theirs]) expect(await stateOf(there, backup)).toBe('good');
  expect(await stateOf(there, await encrypted(there))).toBe('good');
  const other = await generateX25519Identity();
  await there.client.backups.takeKey({ identity: other });
  for (const backup of [ours, theirs]) expect(await stateOf(there, backup)).toBe('good');

  // What is in it is read only when it is to be opened.
  expect((await there.client.backups.show({ backup: ours })).toc).toEqual([]);
  const { toc } = await there.client.backups.show({ backup: ours, opens: true });
  expect(toc.length).toBeGreaterThan(0);
  const options = { backup: ours, database: 'from_elsewhere' };
  const { token } = await there.client.backups.planRestore({ environment: 'db', options });
  const told: string[] = [];
  for await (const event of await there.client.backups.restore({ environment: 'db', options, token }))
    told.push(event.kind);
  expect(told.at(-1)).toBe('finished');

  // The key is nobody's to read in the log of acts.
  for (const { client } of [here, there]) {
    const log = JSON.stringify(await client.audit.list({}));
    expect(log).toContain('backups.create');
    expect(log).not.toContain(copy.identity.slice(15));
    expect(log).not.toContain(other.slice(15));
  }
});
