import type { SecretKind, TypedSecret } from '../../preload/contract/connection.ts';
import { type AccountMeaning, accountOf, belongsTo, probeAccount, readAccount } from './accounts.ts';
import { KeychainLocked, openGate } from './gate.ts';
import type { Keychain } from './keychain.ts';

/** Where a secret ended up. */
export type Place = 'keychain' | 'memory' | 'none';

export interface KeychainState {
  /**
   * `locked`: nothing can be had from it now. When it has already asked to be unlocked, nothing is asked of it
   * until `unlock`.
   */
  state: 'open' | 'locked' | 'none';
  /** In a sentence, for a person. */
  detail: string;
}

/** An entry of the keychain, without its value. */
export type StoredEntry = { account: string } & AccountMeaning;

/** Secrets by environment id: in the keychain, or in memory for this run. They never leave this process. */
export interface Secrets {
  /** Whether secrets can be kept in the keychain now, and what it said when they can't. */
  readonly keychain: { available: boolean; detail: string };
  state(): KeychainState;
  /** The role's password; undefined too while the keychain is locked, which `state` tells. */
  get(id: string): Promise<string | undefined>;
  /** Keeps a password; `remember` asks for the keychain, which may refuse: the answer says where it is. */
  set(id: string, password: string, remember: boolean): Promise<Place>;
  /** Where the role's password is. While the keychain is locked, what was last known of it. */
  place(id: string): Promise<Place>;
  getSecret(id: string, kind: SecretKind, of: string): Promise<string | undefined>;
  setSecret(id: string, secret: TypedSecret): Promise<Place>;
  /** Lets go of all of an environment's secrets. What a locked keychain holds goes when it is unlocked. */
  forget(id: string): Promise<void>;
  /** Lets go of the role's password alone. */
  forgetPassword(id: string): Promise<void>;
  /** Gives one environment all secrets of another. What was in memory stays in memory. */
  copy(fromId: string, toId: string): Promise<void>;
  /** What the keychain holds for environments. Never makes it ask; empty while it is locked. */
  entries(): Promise<StoredEntry[]>;
  /** Removes the entries of all environments but these; the answer is how many. @throws KeychainLocked */
  cleanUp(knownIds: string[]): Promise<number>;
  /** Whether a call to the keychain has not come back: the process then can't end by itself (`leaveProcess`). */
  pending(): boolean;
  /** Asks a locked keychain once more, and looks again for one that was not there. `state` tells what came of it. */
  unlock(): Promise<void>;
}

export interface SecretsOptions {
  /** Called when the keychain was not unlocked, or is open after that: secrets that were missing may be there now. */
  onChange?: () => void;
  /** How long the keychain may take to answer, in ms. It must not hold the console up for longer. */
  patience?: number;
}

const service = 'Howdah';

/** Asks the keychain whether it is there; without one, secrets stay in memory and `state` says so. */
export async function openSecrets(
  keychain: Keychain | undefined,
  { onChange, patience = 20_000 }: SecretsOptions = {},
): Promise<Secrets> {
  const memory = new Map<string, string>();
  /** Accounts that are known to be in the keychain. */
  const stored = new Set<string>();
  /** Environments whose entries are to go as soon as the keychain can be had. */
  const owed = new Set<string>();
  const gate = openGate({
    patience,
    patienceByHand: Math.max(patience, 60_000),
    onChange: () => {
      if (gate.refused === undefined) void payOwed().catch(() => undefined);
      onChange?.();
    },
  });
  let missing = await probe();

  async function probe(): Promise<string | undefined> {
    if (!keychain) return 'The keychain is switched off.';
    try {
      await gate.ask(() => keychain.getPassword(service, probeAccount));
    } catch (error) {
      if (error instanceof KeychainLocked) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      return `No keychain answers here (${reason}). Passwords are kept in memory for this run.`;
    }
    return undefined;
  }
  const usable = (): Keychain | undefined => (missing === undefined ? keychain : undefined);

  /** Writing needs an open keychain, so this makes a locked one ask; reading what isn't there would not. */
  const touch = async (chain: Keychain): Promise<void> => {
    await chain.setPassword(service, probeAccount, '');
    await chain.deletePassword(service, probeAccount);
  };
  const accounts = async (chain: Keychain, { mayAsk }: { mayAsk: boolean }): Promise<string[]> => {
    const list = (): Promise<string[]> => gate.look(() => chain.accounts(service));
    try {
      return await list();
    } catch (error) {
      if (!mayAsk || !(error instanceof KeychainLocked)) throw error;
    }
    await gate.ask(() => touch(chain));
    return await list();
  };
  const remove = async (chain: Keychain, account: string): Promise<void> => {
    await gate.ask(() => chain.deletePassword(service, account));
    stored.delete(account);
  };
  const removeAllOf = async (chain: Keychain, id: string): Promise<void> => {
    for (const account of await accounts(chain, { mayAsk: true })) {
      if (belongsTo(account, id)) await remove(chain, account);
    }
  };

  const read = async (account: string): Promise<string | undefined> => {
    const known = memory.get(account);
    const chain = usable();
    if (known !== undefined || !chain) return known;
    if ([...owed].some((id) => belongsTo(account, id))) return undefined;
    try {
      const value = await gate.ask(() => chain.getPassword(service, account));
      if (value === null) stored.delete(account);
      else stored.add(account);
      return value ?? undefined;
    } catch (error) {
      if (error instanceof KeychainLocked) return undefined;
      throw error;
    }
  };
  const write = async (account: string, value: string, remember: boolean): Promise<Place> => {
    const chain = usable();
    if (remember && chain) {
      try {
        // What is still to be removed goes first, so that it does not take the new one along.
        await payOwed();
        await gate.ask(() => chain.setPassword(service, account, value));
        memory.delete(account);
        stored.add(account);
        return 'keychain';
      } catch {
        // A keychain that refuses now (locked, dismissed) leaves the secret in memory, and the place says so.
      }
    }
    memory.set(account, value);
    return 'memory';
  };

  const payOwed = async (): Promise<void> => {
    const chain = usable();
    if (!chain) return;
    for (const id of [...owed]) {
      await removeAllOf(chain, id);
      owed.delete(id);
    }
  };
  const state = (): KeychainState => {
    if (missing !== undefined) return { state: 'none', detail: missing };
    if (!gate.locked) return { state: 'open', detail: 'Passwords are kept in the keychain of this account.' };
    const detail =
      gate.refused === undefined
        ? 'The keychain is locked. It will ask to be unlocked once something of it is needed.'
        : `The keychain is locked. ${gate.refused} Until it is unlocked, stored passwords can't be had and new ones are kept in memory for this run.`;
    return { state: 'locked', detail };
  };

  return {
    keychain: {
      get available() {
        return state().state === 'open';
      },
      get detail() {
        return state().detail;
      },
    },
    state,
    pending: () => gate.pending,
    get: (id) => read(accountOf(id)),
    set: (id, password, remember) => write(accountOf(id), password, remember),
    place: async (id) => {
      const account = accountOf(id);
      if (memory.has(account)) return 'memory';
      const value = await read(account).catch(() => undefined);
      if (value !== undefined) return 'keychain';
      return gate.locked && stored.has(account) ? 'keychain' : 'none';
    },
    getSecret: (id, kind, of) => read(accountOf(id, { kind, of })),
    setSecret: (id, { kind, of, value, remember }) => write(accountOf(id, { kind, of }), value, remember),
    forget: async (id) => {
      for (const account of [...memory.keys()]) if (belongsTo(account, id)) memory.delete(account);
      const chain = usable();
      if (!chain) return;
      try {
        await removeAllOf(chain, id);
      } catch {
        owed.add(id);
        for (const account of [...stored]) if (belongsTo(account, id)) stored.delete(account);
      }
    },
    forgetPassword: async (id) => {
      memory.delete(accountOf(id));
      const chain = usable();
      if (chain) await remove(chain, accountOf(id)).catch(() => undefined);
    },
    copy: async (fromId, toId) => {
      const renamed = (account: string): string => toId + account.slice(fromId.length);
      const chain = usable();
      const listed = chain ? await accounts(chain, { mayAsk: true }).catch(() => []) : [];
      const inMemory = [...memory.keys()];
      for (const account of new Set([...inMemory, ...listed])) {
        if (!belongsTo(account, fromId)) continue;
        const value = await read(account);
        if (value !== undefined) await write(renamed(account), value, !memory.has(account));
      }
    },
    entries: async () => {
      const chain = usable();
      if (!chain) return [];
      try {
        const listed = await accounts(chain, { mayAsk: false });
        return listed.flatMap((account) => {
          const meaning = readAccount(account);
          return meaning && !owed.has(meaning.environment) ? [{ account, ...meaning }] : [];
        });
      } catch (error) {
        if (error instanceof KeychainLocked) return [];
        throw error;
      }
    },
    cleanUp: async (knownIds) => {
      const chain = usable();
      if (!chain) return 0;
      const known = new Set(knownIds);
      let removed = 0;
      for (const account of await accounts(chain, { mayAsk: true })) {
        const meaning = readAccount(account);
        if (!meaning || known.has(meaning.environment)) continue;
        await remove(chain, account);
        removed += 1;
      }
      return removed;
    },
    unlock: async () => {
      if (missing !== undefined) missing = await probe();
      const chain = usable();
      if (!chain) return;
      try {
        await gate.unlock(() => touch(chain));
        await payOwed();
      } catch (error) {
        if (!(error instanceof KeychainLocked)) throw error;
      }
    },
  };
}
