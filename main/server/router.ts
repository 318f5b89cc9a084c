import type { Environment } from '../../preload/contract/environments.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import type { ServerPool } from '../servers/index.ts';
import { adviseServer } from './advise.ts';
import { checkpointsOf } from './advise-settings.ts';
import { readCollations, readExtensions } from './extensions/read-extensions.ts';
import { readIdentity } from './identity.ts';
import { openRateStore } from './io/rate-store.ts';
import { readIo } from './io/read-io.ts';
import { readLog } from './log/read-log.ts';
import { readReplication } from './replication/read-replication.ts';
import { compareSettings } from './settings/compare.ts';
import { readSettings } from './settings/read-settings.ts';
import { openSettingStore } from './settings/setting-store.ts';
import { describeMachine } from './tuning/machine.ts';
import { openMachineStore } from './tuning/machine-store.ts';
import type { Load } from './tuning/rule.ts';
import { tune } from './tuning/tune.ts';
import { openWatch } from './watch.ts';

const day = 86_400_000;
const windowMs = { '1h': 3_600_000, '24h': day, '7d': 7 * day, '30d': 30 * day } as const;

/** The server itself: settings, replication, I/O, extensions, log. */
export function serverRoom(os: Implementer, needs: MonitoringNeeds) {
  const { findEnvironment, pool, poolIfAny, now } = needs;
  const settings = openSettingStore(needs.store);
  const machines = openMachineStore(needs.store);
  const rates = openRateStore(needs.store);
  const watch = openWatch({ ...needs, settings, rates });
  const poolOf = (ref: string): ServerPool => pool(findEnvironment(ref).id);

  const lastDay = (id: string) => rates.rates(id, now() - day, now(), now());
  const machineOf = (environment: Environment) =>
    describeMachine(environment, poolIfAny(environment.id), machines.given(environment.id));
  const loadOf = (id: string): Load => {
    const measured = lastDay(id);
    const { timed, requested } = checkpointsOf(measured);
    const wal = measured.series.wal?.mean.filter((rate) => rate !== null) ?? [];
    return {
      sessions: needs.status(id).glance?.sessions ?? null,
      // Twelve measurements or more: an hour at least.
      walPerSecond: wal.length >= 12 ? Math.max(...wal) : null,
      requestedShare: timed + requested >= 10 ? requested / (timed + requested) : null,
    };
  };

  const router = os.server.router({
    identity: os.server.identity.handler(({ input }) => readIdentity(poolOf(input.environment))),
    settings: os.server.settings.handler(({ input }) => readSettings(poolOf(input.environment))),
    settingChanges: os.server.settingChanges.handler(({ input }) =>
      settings.changes(findEnvironment(input.environment).id, input.name),
    ),
    compareSettings: os.server.compareSettings.handler(async ({ input }) => {
      const [mine, theirs] = [findEnvironment(input.environment), findEnvironment(input.other)];
      const [left, right] = await Promise.all([readSettings(pool(mine.id)), readSettings(pool(theirs.id))]);
      return compareSettings(
        { name: mine.name, settings: left },
        { name: theirs.name, settings: right },
        input.all,
      );
    }),
    machine: os.server.machine.handler(({ input }) => machineOf(findEnvironment(input.environment))),
    setMachine: os.server.setMachine.handler(({ input }) => {
      const environment = findEnvironment(input.environment);
      machines.put(environment.id, input.machine);
      return machineOf(environment);
    }),
    tuning: os.server.tuning.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const here = pool(environment.id);
      const identity = await readIdentity(here);
      const look = await readSettings(here);
      const machine = await machineOf(environment);
      const mayAlter = identity.managed === null;
      return {
        machine,
        advice: tune(look.settings, machine, loadOf(environment.id), identity.major, mayAlter),
        limits: mayAlter
          ? []
          : [
              {
                cause: 'settings-managed',
                what: 'Settings of this server are changed at the cloud that runs it.',
                why: 'ALTER SYSTEM is not allowed there, and some settings can’t be changed at all.',
                next: 'Set them in its parameter group or flags.',
              },
            ],
      };
    }),
    replication: os.server.replication.handler(({ input }) => readReplication(poolOf(input.environment))),
    io: os.server.io.handler(({ input }) => readIo(poolOf(input.environment))),
    rates: os.server.rates.handler(({ input }) => {
      const { id } = findEnvironment(input.environment);
      const to = input.to ?? now();
      const from = input.from ?? to - windowMs[input.window];
      return { ...rates.rates(id, from, to, now()), events: needs.events(id, from, to) };
    }),
    extensions: os.server.extensions.handler(({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      return readExtensions(pool(id), needs.status(id).server?.database ?? connection.database);
    }),
    log: os.server.log.handler(({ input: { environment, ...asked } }) => {
      const { id } = findEnvironment(environment);
      return readLog(asked.path === undefined ? pool(id) : poolIfAny(id), asked);
    }),
  });

  return {
    router,
    begin: watch.begin,
    forget: watch.forget,
    roll: (at) => {
      rates.roll(at);
      settings.roll(at);
    },
    advise: async ({ id }) => {
      const here = pool(id);
      return adviseServer({
        identity: await readIdentity(here),
        settings: await readSettings(here),
        replication: await readReplication(here),
        collations: await readCollations(here),
        rates: lastDay(id),
        now: now(),
      });
    },
    close: watch.close,
  } satisfies MonitoringRoom<typeof router>;
}
