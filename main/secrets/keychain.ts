import { AsyncEntry, type EntryOptions, findCredentialsAsync } from '@napi-rs/keyring';

/** The operating system's keychain, in keytar's terms: one password for a service and an account. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  /** The accounts of a service, without their passwords. */
  accounts(service: string): Promise<string[]>;
}

/**
 * On Linux the Secret Service is asked for by name. Left to itself the library falls back to the kernel's
 * keyring, which forgets everything at the next boot: a password taken for stored would be lost.
 */
const options: EntryOptions = { linux: { store: 'secret-service' } };

const entry = (service: string, account: string): AsyncEntry => new AsyncEntry(service, account, options);

/** Keychain on macOS, Credential Manager on Windows, Secret Service on Linux. Every call may throw. */
export const osKeychain: Keychain = {
  getPassword: async (service, account) => (await entry(service, account).getPassword()) ?? null,
  setPassword: async (service, account, password) => entry(service, account).setPassword(password),
  deletePassword: async (service, account) => entry(service, account).deletePassword(),
  // The library knows no way to list without values. They are dropped here and now. On Linux this asks the
  // Secret Service and nothing else, and never makes it prompt: when it is locked, this throws.
  accounts: async (service) => (await findCredentialsAsync(service)).map(({ account }) => account),
};
