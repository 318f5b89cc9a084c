import type { Environment } from '../../preload/contract/environments.ts';
import type { MaintenanceAct, MaintenanceProgress } from '../../preload/contract/maintenance.ts';
import type { Clock } from '../lib/clock.ts';
import { type Beat, type MonitoringNeeds, type MonitoringRoom, startBeat } from '../monitoring/index.ts';
import type { AuditTrail, Implementer } from '../rpc.ts';
import { dropLeftover } from './acts/drop-leftover.ts';
import { planAct } from './acts/plan.ts';
import { runAct } from './acts/run.ts';
import { adviceOf } from './advise.ts';
import { shown } from './names.ts';
import { readOperations } from './operations/operations.ts';
import { paceHistory } from './pace/history.ts';
import { measurePace } from './pace/measure.ts';
import { openPaceStore } from './pace/pace-store.ts';
import { openJobs } from './retention/jobs.ts';
import { retentionProcedures } from './retention/procedures.ts';
import { openRuns } from './runs.ts';
import { hiddenOperations, readStatus } from './status/status.ts';

const minute = 60_000;
/** How often the pace of tables is measured, and how much of the time that may take. */
const beat = { everyMs: 10 * minute, slowestMs: 6 * 60 * minute, share: 0.001 };

interface MaintenanceNeeds extends MonitoringNeeds {
  /** By which retention jobs are due. */
  clock: Clock;
  audit: AuditTrail;
  /** For the audit log: what the console is seen through. */
  face: string;
}

export function maintenanceRoom(os: Implementer, needs: MaintenanceNeeds) {
  const { findEnvironment, now, onEvent } = needs;
  const pace = openPaceStore(needs.store);
  const runs = openRuns();
  const jobs = openJobs({ ...needs, runs });
  const beats = new Map<string, Beat>();

  const statusOf = ({ id }: Environment, options: Parameters<typeof readStatus>[1]) => {
    const at = now();
    return readStatus(needs.pool(id), options, { at, pastOf: (database) => pace.past(id, database, at) });
  };

  const run = async function* (
    ref: string,
    act: MaintenanceAct,
    waits: { lockTimeoutMs: number; patienceMs?: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<MaintenanceProgress, void, void> {
    const { id } = findEnvironment(ref);
    const pool = needs.pool(id);
    yield* runs.follow<MaintenanceProgress>(id, signal, async (tell, until) => {
      const told = (event: MaintenanceProgress): void => {
        if (event.kind === 'ended' && event.results.some(({ outcome }) => outcome !== 'not begun'))
          onEvent(id, 'maintenance', event.said);
        tell(event);
      };
      await runAct(pool, act, { patienceMs: waits.lockTimeoutMs, ...waits, signal: until, tell: told });
    });
  };

  const router = os.maintenance.router({
    status: os.maintenance.status.handler(({ input }) => statusOf(findEnvironment(input.environment), input)),
    operations: os.maintenance.operations.handler(async ({ input }) => {
      const operations = await readOperations(needs.pool(findEnvironment(input.environment).id));
      return { operations, limits: hiddenOperations(operations) };
    }),
    history: os.maintenance.history.handler(({ input: { environment: ref, window, table } }) => {
      const { id: environment } = findEnvironment(ref);
      const events = (from: number, to: number) => needs.events(environment, from, to);
      return paceHistory(pace, { environment, window, table, now: now(), events });
    }),
    plan: os.maintenance.plan.handler(({ input }) =>
      planAct(needs.pool(findEnvironment(input.environment).id), input.act, now()),
    ),
    vacuum: os.maintenance.vacuum.handler(({ input, signal }) =>
      run(input.environment, { ...input, kind: 'vacuum' }, input, signal),
    ),
    vacuumFull: os.maintenance.vacuumFull.handler(({ input, signal }) =>
      run(input.environment, { ...input, kind: 'vacuum-full' }, input, signal),
    ),
    analyze: os.maintenance.analyze.handler(({ input, signal }) =>
      run(input.environment, { ...input, kind: 'analyze' }, input, signal),
    ),
    reindex: os.maintenance.reindex.handler(({ input, signal }) =>
      run(input.environment, { ...input, kind: 'reindex' }, input, signal),
    ),
    dropLeftover: os.maintenance.dropLeftover.handler(async ({ input, signal }) => {
      const { id } = findEnvironment(input.environment);
      await dropLeftover(needs.pool(id), input.index, signal);
      onEvent(id, 'maintenance', `DROP INDEX ${shown(input.index)}, which REINDEX had left behind.`);
    }),
    cancel: os.maintenance.cancel.handler(({ input }) =>
      runs.cancel(findEnvironment(input.environment).id, input.run),
    ),
    retention: retentionProcedures(os, { ...needs, jobs }),
  });

  const room = {
    router,
    begin: (id) => {
      if (beats.has(id)) return;
      beats.set(
        id,
        startBeat({
          ...beat,
          lastAt: pace.lastAt(id),
          measure: async () => {
            const pool = needs.poolIfAny(id);
            // On a standby nothing is counted that vacuum goes by.
            if (!pool || needs.status(id).server?.role !== 'primary') return;
            const measured = await measurePace(pool, now());
            if (needs.keepsHistory(id)) pace.add(id, measured);
          },
        }),
      );
    },
    roll: pace.roll,
    advise: async (environment) => {
      const status = await statusOf(environment, { most: 1000, filter: '', system: true });
      return adviceOf(status, status.at);
    },
    forget: (id) => {
      beats.get(id)?.stop();
      beats.delete(id);
      jobs.forget(id);
    },
    close: async () => {
      jobs.stop();
      for (const one of beats.values()) one.stop();
      await runs.close();
    },
  } satisfies MonitoringRoom<typeof router>;
  return { ...room, startJobs: jobs.start };
}
