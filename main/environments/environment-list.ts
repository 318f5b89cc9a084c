import { randomUUID } from 'node:crypto';
import type { SecretKind, TypedSecret } from '../../preload/contract/connection.ts';
import { isOnThisMachine } from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import { noEnvironment } from '../lib/no-environment.ts';
import type { Secrets } from '../secrets/index.ts';
import type { SavedEnvironment, SettingsStore } from '../settings/index.ts';

/** What the list adds to a saved environment while Howdah runs. */
type Held = SavedEnvironment & { transient: boolean; password: Environment['password'] };

/** The environments a person has set up, in their order, and those opened from a bare URL for this run. */
export interface EnvironmentList {
  all(): Environment[];
  /** By id, else by name. @throws ENVIRONMENT_UNKNOWN */
  find(ref: string): Environment;
  /** One of the sample server gets the next free name. @throws INVALID when the name is taken */
  add(draft: EnvironmentDraft, extra?: { sample?: string; connect?: boolean }): Promise<Environment>;
  addTransient(draft: EnvironmentDraft): Environment;
  /** @throws INVALID when another environment than `except` has the name */
  checkName(name: string, except: string): void;
  /** @throws INVALID when the name is taken */
  change(
    id: string,
    changes: Partial<Pick<SavedEnvironment, keyof EnvironmentDraft | 'connect'>>,
  ): Environment;
  /** From now on it is an environment like others, and the sample's password is not for it. */
  leaveSample(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  reorder(order: { id: string; group: string }[]): void;
  password(id: string): Promise<string | undefined>;
  setPassword(id: string, password: string, remember: boolean): Promise<void>;
  forgetPassword(id: string): Promise<void>;
  /** A secret of the way: of an SSH server or a key. */
  secret(id: string, kind: SecretKind, of: string): Promise<string | undefined>;
  setSecret(id: string, secret: TypedSecret): Promise<void>;
  /** Forgets the password and every other secret. */
  forgetSecrets(id: string): Promise<void>;
  copySecrets(from: string, to: string): Promise<void>;
  /** After the keychain was unlocked: where each password is. */
  refreshPlaces(): Promise<void>;
}

export interface ListNeeds {
  settings: SettingsStore;
  secrets: Secrets;
  /** Password of the sample server, which keeps it beside its own data. */
  samplePassword(): Promise<string | undefined>;
  onChange(): void;
}

export async function openEnvironmentList(needs: ListNeeds): Promise<EnvironmentList> {
  const { settings, secrets, onChange } = needs;
  const place = async (saved: SavedEnvironment): Promise<Environment['password']> =>
    saved.sample ? 'sample' : await secrets.place(saved.id);
  let held: Held[] = await Promise.all(
    settings
      .read()
      .environments.map(async (saved) => ({ ...saved, transient: false, password: await place(saved) })),
  );

  const save = (next: Held[]): void => {
    settings.change((before) => ({
      ...before,
      environments: next
        .filter((one) => !one.transient)
        .map(({ transient: _, password: __, ...saved }) => saved),
    }));
    held = next;
    onChange();
  };
  const get = (id: string): Held => {
    const one = held.find((environment) => environment.id === id);
    if (!one) throw unknown(id);
    return one;
  };
  const put = (id: string, changes: Partial<Held>): Environment => {
    save(held.map((one) => (one.id === id ? { ...one, ...changes } : one)));
    return toEnvironment(get(id));
  };
  const claimName = (name: string, except?: string): void => {
    const taken = held.find((one) => one.id !== except && one.name.toLowerCase() === name.toLowerCase());
    if (!taken) return;
    throw fail('INVALID', {
      cause: 'name-taken',
      field: 'name',
      what: `There is already an environment named "${taken.name}".`,
      why: 'Names tell environments apart on every screen and on the command line.',
      next: 'Choose another name.',
    });
  };
  const refreshPlace = async (id: string): Promise<void> => {
    put(id, { password: await place(get(id)) });
  };

  return {
    all: () => held.map(toEnvironment),
    find: (ref) => {
      const one = held.find(({ id }) => id === ref) ?? held.find(({ name }) => name === ref);
      if (!one) throw unknown(ref);
      return toEnvironment(one);
    },
    add: async (draft, extra = {}) => {
      const isSample = extra.sample !== undefined;
      if (!isSample) claimName(draft.name);
      const saved: SavedEnvironment = {
        ...draft,
        name: isSample ? freeName(draft.name, held) : draft.name,
        id: randomUUID(),
        connect: extra.connect ?? true,
        ...(extra.sample === undefined ? {} : { sample: extra.sample }),
      };
      const one: Held = { ...saved, transient: false, password: await place(saved) };
      claimName(one.name);
      save([...held, one]);
      return toEnvironment(one);
    },
    addTransient: (draft) => {
      const name = freeName(draft.name, held);
      const one: Held = {
        ...draft,
        name,
        id: randomUUID(),
        connect: true,
        transient: true,
        password: 'none',
      };
      save([...held, one]);
      return toEnvironment(one);
    },
    checkName: claimName,
    leaveSample: async (id) => {
      if (get(id).sample === undefined) return;
      save(
        held.map((one) => {
          if (one.id !== id) return one;
          const { sample: _, ...rest } = one;
          return rest;
        }),
      );
      await refreshPlace(id);
    },
    change: (id, changes) => {
      if (changes.name !== undefined) claimName(changes.name, id);
      return put(id, changes);
    },
    remove: async (id) => {
      save(held.filter((one) => one.id !== id));
      await secrets.forget(id);
    },
    reorder: (order) => {
      const groups = new Map(order.map(({ id, group }) => [id, group]));
      const rank = new Map(order.map(({ id }, index) => [id, index]));
      // What the caller did not know of (added meanwhile) keeps its place at the end.
      const next = [...held].sort(
        (a, b) => (rank.get(a.id) ?? order.length) - (rank.get(b.id) ?? order.length),
      );
      save(next.map((one) => ({ ...one, group: groups.get(one.id) ?? one.group })));
    },
    password: async (id) => {
      const one = get(id);
      if (!one.sample) return await secrets.get(id);
      // The sample runs on this machine: an address elsewhere is never its own.
      return isOnThisMachine(one.connection) ? await needs.samplePassword() : undefined;
    },
    setPassword: async (id, password, remember) => {
      await secrets.set(id, password, remember && !get(id).transient);
      await refreshPlace(id);
    },
    forgetPassword: async (id) => {
      await secrets.forgetPassword(id);
      await refreshPlace(id);
    },
    secret: (id, kind, of) => secrets.getSecret(id, kind, of),
    setSecret: async (id, secret) => {
      await secrets.setSecret(id, { ...secret, remember: secret.remember && !get(id).transient });
    },
    forgetSecrets: async (id) => {
      await secrets.forget(id);
      await refreshPlace(id);
    },
    copySecrets: async (from, to) => {
      await secrets.copy(from, to);
      // The sample's password is beside its data, not in the keychain.
      if (get(from).sample) await secrets.set(to, (await needs.samplePassword()) ?? '', false);
      await refreshPlace(to);
    },
    refreshPlaces: async () => {
      const places = await Promise.all(held.map(async (one) => [one.id, await place(one)] as const));
      const byId = new Map(places);
      held = held.map((one) => ({ ...one, password: byId.get(one.id) ?? one.password }));
      onChange();
    },
  };
}

function toEnvironment(held: Held): Environment {
  return { ...held };
}

function unknown(ref: string): Error {
  return fail('ENVIRONMENT_UNKNOWN', {
    cause: 'environment-unknown',
    what: noEnvironment(ref),
    why: 'It was removed or renamed, or the name is misspelt.',
    next: 'howdah environments list shows the names.',
  });
}

/** The name itself, or with the first free number behind it. */
export function freeName(wanted: string, taken: { name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name.toLowerCase()));
  if (!names.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number += 1) {
    const suffix = ` ${number}`;
    const name = wanted.slice(0, 80 - suffix.length) + suffix;
    if (!names.has(name.toLowerCase())) return name;
  }
}
