import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { implementContract } from '../../../main/rpc.ts';
import { type Keychain, openSecrets, secretsRouter } from '../../../main/secrets/index.ts';

function inMemory(): Keychain & { entries: Map<string, string>; locked: boolean } {
  const entries = new Map<string, string>();
  const keychain = {
    entries,
    locked: false,
    check: () => {
      if (keychain.locked) throw new Error('Secret Service: unlock prompt was dismissed');
    },
    getPassword: async (_: string, account: string) => {
      if (entries.has(account)) keychain.check();
      return entries.get(account) ?? null;
    },
    setPassword: async (_: string, account: string, password: string) => {
      keychain.check();
      entries.set(account, password);
    },
    deletePassword: async (_: string, account: string) => entries.delete(account),
    accounts: async () => {
      keychain.check();
      return [...entries.keys()];
    },
  };
  return keychain;
}

async function open() {
  const keychain = inMemory();
  const secrets = await openSecrets(keychain);
  const os = implementContract({
    findEnvironment: () => {
      throw new Error('No procedure of this room names an environment.');
    },
    audit: { begin: () => 1, finish: () => undefined },
  });
  const environments = [
    { id: 'id-1', name: 'billing-prod' },
    { id: 'id-2', name: 'sample', sample: 'shop' },
  ];
  const router = secretsRouter(os, { secrets, environments: () => environments });
  return { keychain, secrets, client: createRouterClient(router, { context: { who: 'tester' } }) };
}

it('the keychain’s entries are shown in words, with their environment’s name and never their value', async () => {
  const { keychain, client } = await open();
  for (const account of ['id-1', 'id-1 ssh-password ada@bastion:22', 'id-2', 'gone', 'probe']) {
    keychain.entries.set(account, 's3cr3t');
  }
  const shown = await client.show();
  expect(shown.state).toBe('open');
  expect(shown.detail).toMatch(/1 entry is of an environment that was removed/);
  expect(shown.entries).toEqual([
    { account: 'id-1', what: 'Password', environment: 'billing-prod' },
    {
      account: 'id-1 ssh-password ada@bastion:22',
      what: 'SSH password of ada@bastion:22',
      environment: 'billing-prod',
    },
    { account: 'gone', what: 'Password', environment: null },
  ]);
  expect(JSON.stringify(shown)).not.toContain('s3cr3t');

  expect(await client.cleanUp()).toEqual({ removed: 1 });
  expect(keychain.entries.has('gone')).toBe(false);
  expect((await client.show()).detail).not.toMatch(/removed/);
});

it('a locked keychain is said so, is not cleaned up, and is unlocked on demand', async () => {
  const { keychain, client } = await open();
  keychain.entries.set('id-1', 'pw');
  keychain.locked = true;
  expect(await client.show()).toMatchObject({ state: 'locked', entries: [] });
  await expect(client.cleanUp()).rejects.toMatchObject({
    code: 'INVALID',
    data: { cause: 'keychain-locked', what: 'The keychain is locked.' },
  });
  expect(await client.unlock()).toMatchObject({ state: 'locked' });
  keychain.locked = false;
  expect(await client.unlock()).toMatchObject({
    state: 'open',
    entries: [{ account: 'id-1', environment: 'billing-prod' }],
  });
});
