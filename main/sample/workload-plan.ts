import type { Session, SessionTarget } from './workload-session.ts';

const MINUTE = 60_000;

/** The sessions of the workload by a short name; with the one that ends them they are 16. */
export const sessions = {
  edictApi: { database: 'edictflow', user: 'edictflow', application: 'edictflow-api' },
  edictApi2: { database: 'edictflow', user: 'edictflow', application: 'edictflow-api' },
  edictWorker: { database: 'edictflow', user: 'edictflow', application: 'edictflow-worker' },
  tauDaemon: { database: 'tau_lighting', user: 'tau_daemon', application: 'tau-daemon' },
  tauFrontend: { database: 'tau_lighting', user: 'tau_daemon', application: 'tau-frontend' },
  kronos: { database: 'kronos_eam', user: 'kronos_app', application: 'kronos-backend' },
  kronosLong: { database: 'kronos_eam', user: 'kronos_app', application: 'kronos-backend' },
  kronosProduction: { database: 'kronos_eam_production', user: 'kronos_app', application: 'kronos-backend' },
  iotApi: { database: 'iotistic', user: 'iotistic', application: 'iotistic-api' },
  iotApi2: { database: 'iotistic', user: 'iotistic', application: 'iotistic-api' },
  iotReports: { database: 'iotistic', user: 'iotistic', application: 'iotistic-reports' },
  billingWorker: { database: 'billing', user: 'billing', application: 'billing-worker' },
  billingWorker2: { database: 'billing', user: 'billing', application: 'billing-worker' },
  billingApi: { database: 'billing', user: 'billing', application: 'billing-api' },
  nebenkosten: { database: 'nebenkosten_config', user: 'dagster', application: 'nebenkosten-web' },
} satisfies Record<string, SessionTarget>;

export type SessionName = keyof typeof sessions;

/** A piece of work that comes again and again. */
export interface Job {
  name: string;
  /** The sessions it needs. It is left out when one of them is busy or not connected. */
  needs: [SessionName, ...SessionName[]];
  /** Period, in ms. */
  every: number;
  /** When it comes for the first time, in ms after the start. */
  first: number;
  /** `n` counts its turns from 0: what it does depends on that alone. */
  work(n: number, session: Session, ...others: Session[]): Promise<void>;
}

const tenants = ['demo', 'customer1', 'customer2', 'customer3'];

/** A short transaction of one tenant, as Kronos's row-level security wants it. */
async function asTenant(n: number, session: Session, work: () => Promise<unknown>): Promise<void> {
  await session.begin();
  await session.run('kronos_eam/set_tenant', [tenants[n % tenants.length] ?? 'demo']);
  await work();
  await session.commit();
}

/** Everyday statements: some short ones a second. */
const everyday: Job[] = [
  {
    name: 'an agent reports',
    needs: ['edictApi'],
    every: 1000,
    first: 0,
    work: async (n, session) => {
      await session.run('edictflow/heartbeat', [String((n * 7) % 1500)]);
      await session.run('edictflow/rules_of_team', [String((n * 7) % 120)]);
    },
  },
  {
    name: 'a change is reported, now and then in vain',
    needs: ['edictApi2'],
    every: 5000,
    first: 1500,
    work: async (n, session) => {
      await session.begin();
      const [change] = await session.run<{ id: string; user_id: string | null }>('edictflow/insert_change', [
        String((n * 11) % 1500),
      ]);
      if (change?.user_id && n % 4 === 0) {
        await session.run('edictflow/ask_for_approval', [change.id, change.user_id]);
      }
      await session.run('edictflow/pending_approvals');
      if (n % 6 === 5) await session.rollback();
      else await session.commit();
    },
  },
  {
    name: 'lamps follow their curve',
    needs: ['tauDaemon'],
    every: 1000,
    first: 250,
    work: async (n, session) => {
      await session.run('tau_lighting/set_fixture', [
        1 + ((n * 13) % 360),
        n % 5 === 0 ? 0 : (n * 37) % 1001,
      ]);
    },
  },
  {
    name: 'somebody looks at the lamps',
    needs: ['tauFrontend'],
    every: 7000,
    first: 3000,
    work: async (n, session) => {
      await session.run('tau_lighting/fixtures_on');
      await session.run('tau_lighting/members_of_group', [1 + (n % 53)]);
      await session.run('tau_lighting/switch_event', [1 + (n % 72)]);
    },
  },
  {
    name: 'a tenant looks at deadlines and tasks',
    needs: ['kronos'],
    every: 3000,
    first: 500,
    work: (n, session) =>
      asTenant(n, session, () => session.run(n % 2 ? 'kronos_eam/deadlines' : 'kronos_eam/open_tasks')),
  },
  {
    name: 'a task goes on in production',
    needs: ['kronosProduction'],
    every: 4000,
    first: 1750,
    work: (n, session) =>
      asTenant(n, session, () => session.run('kronos_eam/set_task_status', [1 + ((n * 17) % 20_000)])),
  },
  {
    name: 'devices send metrics',
    needs: ['iotApi'],
    every: 1000,
    first: 750,
    work: async (n, session) => {
      await session.run('iotistic/acls_of_device', [String(1 + (n % 60))]);
      await session.run('iotistic/insert_metrics', [n]);
    },
  },
  {
    name: 'devices send logs and dashboards ask',
    needs: ['iotApi2'],
    every: 2000,
    first: 1250,
    work: async (n, session) => {
      await session.run('iotistic/insert_log', [String(1 + (n % 60))]);
      await session.run('iotistic/latest_metrics', [String(1 + (n % 60))]);
      if (n % 5 === 0) await session.run('iotistic/device_health');
      await session.run('iotistic/seen_device', [1 + (n % 60)]);
    },
  },
  {
    name: 'usage is reported',
    needs: ['billingApi'],
    every: 4000,
    first: 2250,
    work: async (n, session) => {
      await session.run('billing/customer', [1 + (n % 400)]);
      await session.run('billing/report_usage', [1 + (n % 400)]);
      if (n % 8 === 0) await session.run('billing/monthly_usage');
    },
  },
  {
    name: 'the house is looked after',
    needs: ['nebenkosten'],
    every: 5000,
    first: 2750,
    work: async (n, session) => {
      await session.run('nebenkosten_config/meters');
      await session.run('nebenkosten_config/meters_of_household', [
        ['eg', 'og1', 'og2', 'dg'][n % 4] ?? 'eg',
      ]);
      if (n % 4 !== 0) return;
      await session.begin();
      await session.run('nebenkosten_config/set_user', [String(1 + (n % 2))]);
      await session.run('nebenkosten_config/set_price', [0.28 + (n % 90) / 1000]);
      await session.commit();
      await session.run('nebenkosten_config/history_of_meter', ['strom_haupt']);
    },
  },
];

/** What makes work for an operations console. */
const troubles: Job[] = [
  {
    name: 'a list that lacks an index',
    needs: ['edictWorker'],
    every: 15_000,
    first: 4000,
    work: async (_, session) => {
      await session.run('edictflow/latest_change_of_teams');
    },
  },
  {
    name: 'a report that sorts on disk',
    needs: ['iotReports'],
    every: 25_000,
    first: 8000,
    work: async (_, session) => {
      await session.run('iotistic/rank_by_load');
    },
  },
  {
    name: 'a transaction is left idle',
    needs: ['kronosLong'],
    every: 45_000,
    first: 6000,
    work: async (n, session) => {
      await asTenant(n, session, async () => {
        await session.run('kronos_eam/deadlines');
        await session.pause(12_000 + (n % 4) * 2000);
      });
    },
  },
  {
    name: 'two or three want the same row',
    needs: ['billingWorker', 'billingWorker2', 'billingApi'],
    every: 30_000,
    first: 10_000,
    work: async (n, holder, ...others) => {
      const row = 1 + ((n * 29) % 400);
      await holder.begin();
      await holder.run('billing/touch_subscription', [row]);
      // Each third time a queue of two, which shows as a tree of three levels.
      const waiters = others.slice(0, n % 3 === 2 ? 2 : 1);
      const waiting = Promise.all(waiters.map((waiter) => waiter.run('billing/touch_subscription', [row])));
      // Awaited below; should the pause be cut short, its failure shall not be an unhandled one.
      waiting.catch(() => undefined);
      await holder.pause(5000 + (n % 4) * 1000);
      await holder.commit();
      await waiting;
    },
  },
  {
    name: 'two workers take the same rows the other way round',
    needs: ['billingWorker', 'billingWorker2'],
    every: 4 * MINUTE,
    first: 2.4 * MINUTE,
    work: async (n, one, other) => {
      if (!other) return;
      const [first, second] = [1 + ((n * 31) % 200), 201 + ((n * 31) % 200)];
      await one.begin();
      await other.begin();
      await one.run('billing/touch_subscription', [first]);
      await other.run('billing/touch_subscription', [second]);
      // The server ends one of the two (40P01) after deadlock_timeout; the other goes on.
      await Promise.allSettled([
        one.run('billing/touch_subscription', [second]),
        other.run('billing/touch_subscription', [first]),
      ]);
      await Promise.allSettled([one.commit(), other.commit()]);
    },
  },
];

/** Keeps the sample from growing: what the workload wrote is removed after a while, days beyond retention too. */
const upkeep: Job[] = [
  {
    name: 'partitions',
    needs: ['iotReports'],
    every: 10 * MINUTE,
    // By then the session is connected.
    first: 2000,
    work: async (_, session) => {
      await session.run('iotistic/ensure_partitions');
      await session.run('iotistic/drop_partitions');
    },
  },
  {
    name: 'a row a device for keeps',
    needs: ['iotReports'],
    every: 12 * MINUTE,
    first: 1 * MINUTE,
    work: async (n, session) => {
      await session.run('iotistic/insert_metrics_of_all', [n]);
      await session.run('iotistic/refresh_hourly');
    },
  },
  ...(
    [
      ['iotReports', 'iotistic/thin_metrics'],
      ['iotReports', 'iotistic/thin_logs'],
      ['edictWorker', 'edictflow/purge_changes'],
      ['tauFrontend', 'tau_lighting/purge_switch_events'],
      ['billingApi', 'billing/purge_usage'],
      ['nebenkosten', 'nebenkosten_config/purge_audit'],
    ] as const
  ).map(
    ([session, statement], index): Job => ({
      name: statement,
      needs: [session],
      every: 5 * MINUTE,
      first: 20_500 + index * 1000,
      work: async (_, its) => {
        await its.run(statement);
      },
    }),
  ),
];

/** All work, in the order in which jobs of the same moment are begun. */
export const plan: Job[] = [...upkeep, ...everyday, ...troubles];
