import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { Preferences } from '../../../preload/contract/console.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { contract } from '../../../preload/contract/index.ts';
import type { Keychain } from '../../../preload/contract/secrets.ts';
import { makeAudit, makeEnvironments } from './data.ts';
import { environmentsFixture } from './environments-fixture.ts';
import { entries, makePreview, nameOf, places } from './imports-fixture.ts';

/** What the fake console plays. */
export interface Scenario {
  environments: number;
  keychain: Keychain['state'];
  /** Systems of the sample server among the environments, and the server running. */
  sample: boolean;
  theme: Preferences['theme'];
}

/** A console that is only acted: it answers what the shell's screens ask, and forgets all of it. */
export function fixtureRouter({ environments: howMany, keychain: keychainAtFirst, sample, theme }: Scenario) {
  const os = implement(contract);
  const store = {
    all: makeEnvironments(howMany).map((one, index) =>
      sample && index < 2 ? { ...one, sample: 'kronos_eam', password: 'sample' as const } : one,
    ),
  };
  let keychain = keychainAtFirst;
  let secrets = keychain === 'none' ? [] : entries;
  let serial = 0;
  let sampleRuns = sample;
  let asked = 0;
  let unlocks = 0;
  let preferences: Preferences = { theme, railCollapsed: false, tables: {} };

  const find = (ref: string): Environment => {
    const one = store.all.find(({ id, name }) => id === ref || name === ref);
    if (!one) throw new Error(`No environment ${ref}.`);
    return one;
  };
  const keychainNow = (): Keychain => ({
    state: keychain,
    detail: {
      open: 'Secret Service.',
      locked: 'The Secret Service answers, but its collection "Login" is locked.',
      none: 'No Secret Service answers on D-Bus.',
    }[keychain],
    entries: keychain === 'open' ? secrets : [],
  });

  return {
    environments: {
      ...environmentsFixture(store),
      open: os.environments.open.handler(({ errors }) => {
        throw errors.UNEXPECTED({ data: { ...nameTaken, cause: 'other', what: 'Not acted here.' } });
      }),
    },
    imports: {
      places: os.imports.places.handler(() => (howMany === 1 ? [] : places)),
      preview: os.imports.preview.handler(async ({ input, errors }) => {
        const names = input.sources.map(nameOf);
        if (names.some((name) => name.startsWith('slow'))) await sleep(6000);
        if (names.some((name) => name.startsWith('refused'))) {
          throw errors.UNEXPECTED({
            data: {
              what: 'The file could not be read.',
              why: 'The system refuses it to this account.',
              next: 'Give yourself the right to read it, or choose a copy.',
              cause: 'file-unreadable',
              server: { message: 'permission denied', system: 'EACCES' },
            },
          });
        }
        serial += 1;
        return makePreview(input.sources, store.all, serial);
      }),
      take: os.imports.take.handler(async ({ input, errors }) => {
        await sleep(400);
        asked += 1;
        const expires = input.choices.some(({ key }) => key.startsWith('expires')) && asked === 1;
        if (expires || input.preview !== `preview-${serial}`) {
          throw errors.INVALID({ data: previewGone });
        }
        const taken = input.choices.find(({ draft }) => store.all.some(({ name }) => name === draft.name));
        const wrong = input.choices.find(({ draft }) => draft.name === 'refuse me');
        const bad = taken ?? wrong;
        if (bad) {
          const what = `There is already an environment named "${bad.draft.name}".`;
          throw errors.INVALID({ data: { ...nameTaken, what } });
        }
        const added = input.choices.map(
          ({ draft, password, connect }): Environment => ({
            ...draft,
            id: `env-${Math.random()}`,
            password: password ? 'keychain' : 'none',
            transient: false,
            connect,
          }),
        );
        store.all = [...store.all, ...added];
        return { added };
      }),
      export: os.imports.export.handler(({ input }) => ({
        name: 'howdah-environments.json',
        text: `${JSON.stringify({ howdah: 1, environments: input.environments?.map(find) ?? store.all }, null, 2)}\n`,
      })),
    },
    secrets: {
      show: os.secrets.show.handler(keychainNow),
      unlock: os.secrets.unlock.handler(async () => {
        await sleep(1200);
        unlocks += 1;
        // The question of the system is closed the first time and answered the second.
        if (unlocks > 1 && keychain === 'locked') keychain = 'open';
        return keychainNow();
      }),
      cleanUp: os.secrets.cleanUp.handler(async () => {
        await sleep(300);
        const before = secrets.length;
        secrets = secrets.filter(({ environment }) => environment !== null);
        return { removed: before - secrets.length };
      }),
    },
    audit: {
      list: os.audit.list.handler(({ input }) => {
        const all = makeAudit(store.all, store.all.length === 0 ? 0 : 400, Date.now()).filter(
          (entry) =>
            (!input.environment || entry.environment === input.environment) &&
            (!input.text || JSON.stringify(entry).toLowerCase().includes(input.text.toLowerCase())) &&
            (!input.before || entry.id < input.before),
        );
        return { entries: all.slice(0, input.limit), more: all.length > input.limit };
      }),
    },
    console: {
      info: os.console.info.handler(() => ({
        version: '0.1.0',
        face: 'browser' as const,
        dataFolder: '/home/dba/.local/share/howdah',
        keychain: {
          available: keychain !== 'none',
          detail: keychainNow().detail,
        },
        notices: [],
      })),
      preferences: os.console.preferences.handler(() => preferences),
      savePreferences: os.console.savePreferences.handler(({ input }) => {
        const changes = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
        preferences = { ...preferences, ...changes };
        return preferences;
      }),
      link: os.console.link.handler(() => ({ address: 'http://127.0.0.1:4000/?token=one-time' })),
    },
    sample: {
      status: os.sample.status.handler(() => ({
        state: sampleRuns ? ('running' as const) : ('absent' as const),
        folder: '/tmp',
        systems: [],
        workload: false,
      })),
      start: os.sample.start.handler(async function* ({ signal }) {
        for (let done = 0; done < 20 && !signal?.aborted; done += 1) {
          yield { step: `Loading kronos_eam, table ${done}`, done, total: 20 };
          await sleep(700, undefined, signal ? { signal } : {}).catch(() => undefined);
        }
      }),
      stop: os.sample.stop.handler(async () => {
        await sleep(800);
        sampleRuns = false;
        return { state: 'stopped' as const, folder: '/tmp', systems: [], workload: false };
      }),
    },
  };
}

const nameTaken = {
  field: 'name',
  cause: 'name-taken',
  what: 'There is already an environment of that name.',
  why: 'Names tell environments apart on every screen and on the command line.',
  next: 'Choose another name.',
};

const previewGone = {
  field: 'preview',
  cause: 'preview-expired',
  what: 'What was found in the files is no longer kept.',
  why: 'It is kept for a quarter of an hour.',
  next: 'Read the files again.',
};
