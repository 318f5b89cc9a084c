import type { Adviser } from '../../preload/contract/advice.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import { accessAdvice } from './access.ts';
import { exportReport } from './export.ts';
import { openKeptReports } from './kept.ts';
import type { Advise } from './looking.ts';
import { reportOn } from './report.ts';

export interface HealthNeeds extends MonitoringNeeds {
  /** Who looks for what is wrong, room by room. */
  advisers: Partial<Record<Exclude<Adviser, 'access'>, Advise>>;
  /** How long one room may look, ms. */
  patienceMs?: number;
}

export function healthRoom(os: Implementer, needs: HealthNeeds) {
  const kept = openKeptReports(needs.store);
  const access = ({ id }: Environment) => {
    const { versionNumber = 0, database = '' } = needs.status(id).server ?? {};
    return accessAdvice(needs.pool(id), { versionNumber, database });
  };
  const reporting = {
    ...needs,
    patienceMs: needs.patienceMs ?? 60_000,
    advisers: { ...needs.advisers, access },
  };
  const router = os.health.router({
    report: os.health.report.handler(async function* ({ input, signal }) {
      const environment = needs.findEnvironment(input.environment);
      for await (const progress of reportOn(reporting, environment, input.rooms, signal)) {
        if (progress.done)
          kept.keep(progress.report, input.rooms === undefined && needs.keepsHistory(environment.id));
        yield progress;
      }
    }),
    last: os.health.last.handler(
      ({ input }) => kept.find(needs.findEnvironment(input.environment).id) ?? null,
    ),
    export: os.health.export.handler(({ input }) => {
      const { id } = needs.findEnvironment(input.environment);
      const report = kept.find(id, input.at);
      if (!report) throw noReport();
      return exportReport(report, input.format);
    }),
  });
  return { router, forget: kept.forget } satisfies MonitoringRoom<typeof router>;
}

function noReport() {
  return fail('INVALID', {
    cause: 'report-unknown',
    field: 'at',
    what: 'There is no such report.',
    why: 'None has been made yet, or a newer one has taken its place.',
    next: 'Run the report, then hand it over.',
  });
}
