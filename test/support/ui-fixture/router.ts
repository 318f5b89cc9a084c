import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import type { Preferences } from '../../../preload/contract/console.ts';
import type { Environment, EnvironmentsView } from '../../../preload/contract/environments.ts';
import { contract } from '../../../preload/contract/index.ts';
import { makeAudit, makeEnvironments, makeStatus } from './data.ts';

/** What the fake console plays. */
export interface Scenario {
  environments: number;
  keychain: boolean;
  theme: Preferences['theme'];
}

/** A console that is only acted: it answers what the shell's screens ask, and forgets all of it. */
export function fixtureRouter({ environments: howMany, keychain, theme }: Scenario) {
  const os = implement(contract);
  let environments = makeEnvironments(howMany);
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
        return {
          good: false,
          steps: [
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
            { step: 'visibility', outcome: 'skipped', ms: 0, detail: '' },
          ],
          problem: {
            what: 'The server refused the password of "postgres".',
            why: 'The password is wrong, or the role does not exist: the server does not say which.',
            next: 'Enter the password again.',
            cause: 'password-wrong',
            server: { message: 'password authentication failed for user "postgres"', sqlstate: '28P01' },
          },
        };
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
          available: keychain,
          detail: keychain ? 'Secret Service.' : 'No Secret Service answers on D-Bus.',
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
        state: 'absent' as const,
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
      stop: os.sample.stop.handler(() => ({
        state: 'stopped' as const,
        folder: '/tmp',
        systems: [],
        workload: false,
      })),
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
