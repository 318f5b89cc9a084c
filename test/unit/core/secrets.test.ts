import { beforeEach, describe, expect, it } from 'vitest';
import { accountOf, readAccount, whatIs } from '../../../main/secrets/accounts.ts';
import type { Keychain } from '../../../main/secrets/keychain.ts';
import { openSecrets, type Secrets } from '../../../main/secrets/secrets.ts';

/**
 * A keychain whose prompts the test answers: only so can they be counted and left hanging on every system. The real
 * Secret Service has its own test.
 */
class PromptingKeychain implements Keychain {
  readonly entries = new Map<string, string>();
  locked = false;
  prompts = 0;
  /** What a person does at a prompt. */
  answer: () => Promise<'unlock' | 'dismiss'> = async () => 'dismiss';

  async #open(): Promise<void> {
    if (!this.locked) return;
    this.prompts += 1;
    if ((await this.answer()) === 'unlock') this.locked = false;
    else throw new Error("Couldn't access platform storage: Secret Service: unlock prompt was dismissed");
  }
  async getPassword(_: string, account: string): Promise<string | null> {
    // As the Secret Service has it: nothing is unlocked for what isn't there.
    if (!this.entries.has(account)) return null;
    await this.#open();
    return this.entries.get(account) ?? null;
  }
  async setPassword(_: string, account: string, password: string): Promise<void> {
    await this.#open();
    this.entries.set(account, password);
  }
  async deletePassword(_: string, account: string): Promise<boolean> {
    if (!this.entries.has(account)) return false;
    await this.#open();
    return this.entries.delete(account);
  }
  async accounts(): Promise<string[]> {
    if (this.locked && this.entries.size > 0) {
      throw new Error(
        'zbus error: org.freedesktop.Secret.Error.IsLocked: Cannot get secret of a locked object',
      );
    }
    return [...this.entries.keys()];
  }
}

const sshPassword = { kind: 'ssh-password', of: 'ada@bastion:22', value: 'ssh-pw', remember: true } as const;
const passphrase = {
  kind: 'key-passphrase',
  of: '/home/ada/my keys/id',
  value: 'phrase',
  remember: true,
} as const;

let keychain: PromptingKeychain;
let secrets: Secrets;
let changes: number;
beforeEach(async () => {
  keychain = new PromptingKeychain();
  changes = 0;
  secrets = await openSecrets(keychain, { onChange: () => (changes += 1), patience: 200 });
});

describe('the account of a secret', () => {
  it('tells for what it is, in both directions', () => {
    for (const other of [undefined, sshPassword, passphrase]) {
      const account = accountOf('id-1', other);
      expect(readAccount(account)).toEqual({
        environment: 'id-1',
        ...(other ? { other: { kind: other.kind, of: other.of } } : {}),
      });
    }
    expect(whatIs({ environment: 'x' })).toBe('Password');
    expect(whatIs({ environment: 'x', other: sshPassword })).toBe('SSH password of ada@bastion:22');
    expect(whatIs({ environment: 'x', other: passphrase })).toBe('Passphrase of /home/ada/my keys/id');
  });

  it('is not read from what is no environment’s, or of a kind that only a later version knows', () => {
    for (const account of ['probe', '', 'id-1 smartcard-pin slot 2', 'id-1 ssh-password']) {
      expect(readAccount(account)).toBeUndefined();
    }
  });
});

describe('the secrets of an environment', () => {
  it('are kept apart by kind and by what they open, and go together', async () => {
    expect(await secrets.set('a', 'pw', true)).toBe('keychain');
    expect(await secrets.setSecret('a', sshPassword)).toBe('keychain');
    expect(await secrets.setSecret('a', { ...passphrase, remember: false })).toBe('memory');
    await secrets.set('ab', 'other', true);
    expect(await secrets.get('a')).toBe('pw');
    expect(await secrets.getSecret('a', 'ssh-password', 'ada@bastion:22')).toBe('ssh-pw');
    expect(await secrets.getSecret('a', 'ssh-password', 'ada@bastion:23')).toBeUndefined();
    expect(await secrets.getSecret('a', 'key-passphrase', passphrase.of)).toBe('phrase');

    await secrets.forget('a');
    expect(await secrets.get('a')).toBeUndefined();
    expect(await secrets.getSecret('a', 'key-passphrase', passphrase.of)).toBeUndefined();
    expect([...keychain.entries.keys()]).toEqual(['ab']);
  });

  it('are copied to another one, those in memory into memory', async () => {
    await secrets.set('a', 'pw', true);
    await secrets.setSecret('a', sshPassword);
    await secrets.setSecret('a', { ...passphrase, remember: false });
    await secrets.copy('a', 'b');
    expect(await secrets.get('b')).toBe('pw');
    expect(await secrets.getSecret('b', 'key-passphrase', passphrase.of)).toBe('phrase');
    expect([...keychain.entries.keys()].sort()).toEqual([
      'a',
      'a ssh-password ada@bastion:22',
      'b',
      'b ssh-password ada@bastion:22',
    ]);
  });

  it('are listed without values and cleaned up when their environment is gone', async () => {
    await secrets.set('a', 'pw', true);
    await secrets.set('gone', 'pw', true);
    await secrets.setSecret('gone', sshPassword);
    keychain.entries.set('probe', '');
    keychain.entries.set('gone smartcard-pin 1', 'of a later version');
    expect(await secrets.entries()).toEqual([
      { account: 'a', environment: 'a' },
      { account: 'gone', environment: 'gone' },
      {
        account: 'gone ssh-password ada@bastion:22',
        environment: 'gone',
        other: { kind: 'ssh-password', of: 'ada@bastion:22' },
      },
    ]);
    expect(await secrets.cleanUp(['a'])).toBe(2);
    expect([...keychain.entries.keys()]).toEqual(['a', 'probe', 'gone smartcard-pin 1']);
  });

  it('stay in memory without a keychain', async () => {
    const none = await openSecrets(undefined);
    expect(none.state()).toEqual({ state: 'none', detail: 'The keychain is switched off.' });
    expect(await none.set('a', 'pw', true)).toBe('memory');
    expect(await none.setSecret('a', sshPassword)).toBe('memory');
    await none.copy('a', 'b');
    expect(await none.getSecret('b', 'ssh-password', sshPassword.of)).toBe('ssh-pw');
    await none.forget('b');
    expect(await none.get('b')).toBeUndefined();
    expect(await none.entries()).toEqual([]);
    await none.unlock();
    expect(none.state().state).toBe('none');
  });
});

describe('a locked keychain', () => {
  beforeEach(async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await secrets.set(id, `pw of ${id}`, true);
    keychain.locked = true;
  });

  it('asks once, however many want something of it, and serves all when it is unlocked', async () => {
    keychain.answer = async () => 'unlock';
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => secrets.get(id)));
    expect(all.every((one) => one?.startsWith('pw of '))).toBe(true);
    expect(keychain.prompts).toBe(1);
    expect(secrets.state().state).toBe('open');
  });

  it('asks once, and is left alone when that was dismissed', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => secrets.get(id)));
    expect(all.every((one) => one === undefined)).toBe(true);
    expect(keychain.prompts).toBe(1);
    expect(secrets.state()).toMatchObject({
      state: 'locked',
      detail: expect.stringMatching(/asked to be unlocked and was not/),
    });
    expect(secrets.keychain).toMatchObject({ available: false });
    expect(await secrets.get('a')).toBeUndefined();
    expect(await secrets.set('a', 'new', true)).toBe('memory');
    expect(await secrets.entries()).toEqual([]);
    await expect(secrets.cleanUp([])).rejects.toThrow('not');
    await secrets.copy('b', 'z');
    expect(keychain.prompts).toBe(1);
    expect(changes).toBe(1);
    // What is known of a place stays known; of what was typed since, too.
    expect(await secrets.place('b')).toBe('keychain');
    expect(await secrets.place('a')).toBe('memory');
    expect(await secrets.place('z')).toBe('none');
  });

  it('is asked again on demand, once for many demands, and has everything then', async () => {
    await secrets.get('a');
    let decide = (_: 'unlock' | 'dismiss'): void => undefined;
    keychain.answer = () =>
      new Promise((resolve) => {
        decide = resolve;
      });
    const demands = Promise.all([secrets.unlock(), secrets.unlock(), secrets.unlock()]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    decide('unlock');
    await demands;
    expect(keychain.prompts).toBe(2);
    expect(secrets.state().state).toBe('open');
    expect(await secrets.get('a')).toBe('pw of a');
    expect(await secrets.entries()).toHaveLength(7);
    expect(changes).toBe(2);
  });

  it('stays locked when the demand is dismissed too', async () => {
    await secrets.get('a');
    await secrets.unlock();
    expect(secrets.state().state).toBe('locked');
    expect(keychain.prompts).toBe(2);
  });

  it('that gives no answer is taken for locked, and for open once it answers after all', async () => {
    let decide = (_: 'unlock' | 'dismiss'): void => undefined;
    keychain.answer = () =>
      new Promise((resolve) => {
        decide = resolve;
      });
    expect(await secrets.get('a')).toBeUndefined();
    expect(secrets.state().state).toBe('locked');
    expect(await secrets.get('b')).toBeUndefined();
    // Its prompt is still there: a demand waits for that one instead of laying another on top.
    const demand = secrets.unlock();
    await new Promise((resolve) => setTimeout(resolve, 50));
    decide('unlock');
    await demand;
    expect(keychain.prompts).toBe(1);
    expect(secrets.state().state).toBe('open');
    expect(await secrets.get('b')).toBe('pw of b');
  });

  it('is not asked by looking at its entries, which says that it is locked', async () => {
    expect(await secrets.entries()).toEqual([]);
    expect(keychain.prompts).toBe(0);
    expect(secrets.state().state).toBe('locked');
    keychain.answer = async () => 'unlock';
    expect(await secrets.get('a')).toBe('pw of a');
    expect(secrets.state().state).toBe('open');
  });

  it('lets go, once it is unlocked, of what was to be forgotten meanwhile', async () => {
    await secrets.get('a');
    await secrets.forget('a');
    await secrets.forget('b');
    expect(await secrets.place('a')).toBe('none');
    keychain.answer = async () => 'unlock';
    await secrets.unlock();
    expect(await secrets.get('a')).toBeUndefined();
    expect([...keychain.entries.keys()]).toEqual(['c', 'd', 'e', 'f', 'g']);
    expect(await secrets.set('a', 'anew', true)).toBe('keychain');
    expect(await secrets.get('a')).toBe('anew');
  });
});

it('a keychain that fails for another reason says so', async () => {
  keychain.getPassword = async () => {
    throw new Error('Platform failure: no bus');
  };
  await expect(secrets.get('a')).rejects.toThrow('no bus');
  const other = await openSecrets(keychain);
  expect(other.state()).toMatchObject({ state: 'none', detail: expect.stringContaining('no bus') });
});
