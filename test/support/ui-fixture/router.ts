import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { Preferences } from '../../../preload/contract/console.ts';
import type { Environment, EnvironmentsView, TestResult } from '../../../preload/contract/environments.ts';
import { contract } from '../../../preload/contract/index.ts';
import type { Keychain } from '../../../preload/contract/secrets.ts';
import { makeAudit, makeEnvironments, makeStatus } from './data.ts';
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
  let environments = makeEnvironments(howMany).map((one, index) =>
    sample && index < 2 ? { ...one, sample: 'kronos_eam', password: 'sample' as const } : one,
  );
  let keychain = keychainAtFirst;
  let secrets = keychain === 'none' ? [] : entries;
  let serial = 0;
  let sampleRuns = sample;
  let asked = 0;
  let unlocks = 0;
  let preferences: Preferences = { theme, railCollapsed: false, tables: {} };

  const find = (ref: string): Environment => {
    const one = environments.find(({ id, name }) => id === ref || name === ref);
    if (!one) throw new Error(`No environment ${ref}.`);
    return one;
  };
  const view = (): EnvironmentsView => {
    const now = Date.now();
    return {
      environments,
      statuses: environments.map((environment, index) => makeStatus(environment, index, now)),
    };
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
  const statusOf = (ref: string) => {
    const { id } = find(ref);
    const status = view().statuses.find(({ environment }) => environment === id);
    if (!status) throw new Error(`No status of ${ref}.`);
    return status;
  };

  return {
    environments: {
      list: os.environments.list.handler(view),
      watch: os.environments.watch.handler(async function* ({ signal }) {
        while (!signal?.aborted) {
          yield view();
          await sleep(1000, undefined, signal ? { signal } : {}).catch(() => undefined);
        }
      }),
      add: os.environments.add.handler(({ input, errors }) => {
        if (environments.some(({ name }) => name === input.draft.name))
          throw errors.INVALID({ data: nameTaken });
        const added: Environment = {
          ...input.draft,
          id: `env-${Math.random()}`,
          password: input.password ? 'memory' : 'none',
          transient: false,
          connect: true,
        };
        environments = [...environments, added];
        return added;
      }),
      update: os.environments.update.handler(({ input }) => {
        const before = find(input.environment);
        const changes = Object.fromEntries(
          Object.entries(input.changes).filter(([, value]) => value !== undefined),
        );
        const after = { ...before, ...changes } as Environment;
        environments = environments.map((one) => (one.id === before.id ? after : one));
        return after;
      }),
      duplicate: os.environments.duplicate.handler(({ input }) => {
        const copy = {
          ...find(input.environment),
          id: `env-${Math.random()}`,
          name: `${find(input.environment).name} copy`,
        };
        environments = [...environments, copy];
        return copy;
      }),
      remove: os.environments.remove.handler(({ input }) => {
        const { id, name } = find(input.environment);
        environments = environments.filter((one) => one.id !== id);
        return { removed: name };
      }),
      reorder: os.environments.reorder.handler(({ input }) => {
        environments = input.order.map(({ environment, group }) => ({ ...find(environment), group }));
      }),
      forgetPassword: os.environments.forgetPassword.handler(({ input }) => find(input.environment)),
      connect: os.environments.connect.handler(({ input }) => statusOf(input.environment)),
      disconnect: os.environments.disconnect.handler(({ input }) => statusOf(input.environment)),
      test: os.environments.test.handler(async () => {
        await sleep(1500);
        return testResult(steps.length);
      }),
      walk: os.environments.walk.handler(async function* ({ signal }) {
        for (let done = 0; done <= steps.length && !signal?.aborted; done += 1) {
          yield testResult(done);
          await sleep(400, undefined, signal ? { signal } : {}).catch(() => undefined);
        }
      }),
      trustHost: os.environments.trustHost.handler(() => undefined),
      companionOutput: os.environments.companionOutput.handler(async function* ({ signal }) {
        for (let line = 0; !signal?.aborted; line += 1) {
          const text = `Ready for new connections, ${line} so far 🐘`;
          yield [{ at: Date.now(), stream: line % 5 === 0 ? ('error' as const) : ('out' as const), text }];
          await sleep(700, undefined, signal ? { signal } : {}).catch(() => undefined);
        }
      }),
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
        return makePreview(input.sources, environments, serial);
      }),
      take: os.imports.take.handler(async ({ input, errors }) => {
        await sleep(400);
        asked += 1;
        const expires = input.choices.some(({ key }) => key.startsWith('expires')) && asked === 1;
        if (expires || input.preview !== `preview-${serial}`) {
          throw errors.INVALID({ data: previewGone });
        }
        const taken = input.choices.find(({ draft }) => environments.some(({ name }) => name === draft.name));
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
        environments = [...environments, ...added];
        return { added };
      }),
      export: os.imports.export.handler(({ input }) => ({
        name: 'howdah-environments.json',
        text: `${JSON.stringify({ howdah: 1, environments: input.environments?.map(find) ?? environments }, null, 2)}\n`,
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
        const all = makeAudit(environments, environments.length === 0 ? 0 : 400, Date.now()).filter(
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

const steps: TestResult['steps'] = [
  { step: 'tunnel', outcome: 'good', ms: 212, detail: 'ada@bastion:22 let us through.' },
  { step: 'name', outcome: 'good', ms: 1.4, detail: '127.0.0.1, ::1' },
  { step: 'port', outcome: 'good', ms: 0.6, detail: 'Something listens.' },
  { step: 'tls', outcome: 'good', ms: 8.1, detail: 'Encrypted (sslmode verify-full).' },
  {
    step: 'authentication',
    outcome: 'bad',
    ms: 120,
    detail: 'The server refused the password of "postgres".',
  },
  { step: 'database', outcome: 'skipped', ms: 0, detail: '' },
  { step: 'privileges', outcome: 'skipped', ms: 0, detail: '' },
  { step: 'visibility', outcome: 'skipped', ms: 0, detail: '' },
];

/** The walk after so many steps; the one that is next runs. */
function testResult(count: number): TestResult {
  const done = count >= steps.length;
  const result: TestResult = {
    done,
    good: false,
    steps: steps.flatMap((step, index) =>
      index < count
        ? [step]
        : index === count
          ? [{ ...step, outcome: 'running' as const, ms: 0, detail: '' }]
          : [],
    ),
    findings: [],
  };
  if (!done) return result;
  return {
    ...result,
    problem: {
      what: 'The server refused the password of "postgres".',
      why: 'The password is wrong, or the role does not exist: the server does not say which.',
      next: 'Enter the password again.',
      cause: 'password-wrong',
      server: { message: 'password authentication failed for user "postgres"', sqlstate: '28P01' },
    },
  };
}
