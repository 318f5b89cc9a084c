import type { Keychain } from './keychain.ts';

/** Where a password ended up. */
export type Place = 'keychain' | 'memory' | 'none';

/** Passwords by environment id: in the keychain, or in memory for this run. They never leave this process. */
export interface Secrets {
  /** Whether there is a keychain, and what it said when there is none. */
  readonly keychain: { available: boolean; detail: string };
  get(id: string): Promise<string | undefined>;
  /** Keeps a password; `remember` asks for the keychain, which may refuse: the answer says where it is. */
  set(id: string, password: string, remember: boolean): Promise<Place>;
  place(id: string): Promise<Place>;
  forget(id: string): Promise<void>;
}

const service = 'Howdah';

/** A keychain that waits for somebody to unlock it must not hold the console up for longer than this, in ms. */
const patience = 20_000;

/** Asks the keychain whether it is there; without one, passwords stay in memory and `keychain` says so. */
export async function openSecrets(keychain: Keychain | undefined): Promise<Secrets> {
  const memory = new Map<string, string>();
  const state = await probe(keychain);
  const usable = state.available ? keychain : undefined;

  const fromKeychain = async (id: string): Promise<string | undefined> => {
    if (!usable) return undefined;
    return (await withPatience(usable.getPassword(service, id))) ?? undefined;
  };

  return {
    keychain: state,
    get: async (id) => memory.get(id) ?? (await fromKeychain(id)),
    set: async (id, password, remember) => {
      if (remember && usable) {
        try {
          await withPatience(usable.setPassword(service, id, password));
          memory.delete(id);
          return 'keychain';
        } catch {
          // A keychain that refuses now (locked, dismissed) leaves the password in memory, and the place says so.
        }
      }
      memory.set(id, password);
      return 'memory';
    },
    place: async (id) => {
      if (memory.has(id)) return 'memory';
      const stored = await fromKeychain(id).catch(() => undefined);
      return stored === undefined ? 'none' : 'keychain';
    },
    forget: async (id) => {
      memory.delete(id);
      if (usable) await withPatience(usable.deletePassword(service, id)).catch(() => false);
    },
  };
}

async function probe(keychain: Keychain | undefined): Promise<Secrets['keychain']> {
  if (!keychain) return { available: false, detail: 'The keychain is switched off.' };
  try {
    await withPatience(keychain.getPassword(service, 'probe'));
    return { available: true, detail: 'Passwords are kept in the keychain of this account.' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      available: false,
      detail: `No keychain answers here (${reason}). Passwords are kept in memory for this run.`,
    };
  }
}

async function withPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The keychain gave no answer within ${patience / 1000} s.`)),
      patience,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
