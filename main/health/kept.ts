import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { HealthReport } from '../../preload/contract/health.ts';
import type { Store } from '../store/index.ts';

/** The newest reports: of each environment the newest whole one in the store, and the newest of any kind in memory. */
export interface KeptReports {
  /** `isWhole`: of all rooms, of an environment whose history is kept. */
  keep(report: HealthReport, isWhole: boolean): void;
  /** The newest whole one that is kept, or the one that was begun at `at`. */
  find(environment: string, at?: number): HealthReport | undefined;
  forget(environment: string): void;
}

export function openKeptReports({ db }: Store): KeptReports {
  const recent = new Map<string, HealthReport>();
  const insertKey = db.prepare('INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO NOTHING');
  const put = db.prepare(
    `INSERT OR REPLACE INTO health_report (environment, at, report)
     SELECT key, ?, ? FROM environment WHERE id = ?`,
  );
  const get = db.prepare(
    'SELECT report FROM health_report JOIN environment ON key = environment WHERE environment.id = ?',
  );
  const stored = (environment: string): HealthReport | undefined => {
    const row = get.get(environment) as { report: Uint8Array } | undefined;
    if (!row) return undefined;
    // One of another version of Howdah may be of another shape: then there is none.
    return HealthReport.safeParse(JSON.parse(inflateRawSync(row.report).toString())).data;
  };
  return {
    keep: (report, isWhole) => {
      const { id } = report.environment;
      recent.set(id, report);
      if (!isWhole) return;
      insertKey.run(id);
      put.run(Math.round(report.at), deflateRawSync(JSON.stringify(report)), id);
    },
    find: (environment, at) => {
      const newest = recent.get(environment);
      if (at !== undefined && newest?.at === at) return newest;
      const whole = stored(environment);
      if (at === undefined) return whole ?? newest;
      return whole?.at === at ? whole : undefined;
    },
    forget: (environment) => void recent.delete(environment),
  };
}
