import type { ActivitySample } from '../../preload/contract/activity.ts';
import { type Store, within } from '../store/index.ts';

export interface ApplicationOf {
  application: string;
  user: string;
  database: string;
  samples: number;
  lastAt: number;
}

/** Who runs which statement, as live samples catch it running. */
export interface Applications {
  note(environment: string, sample: ActivitySample): void;
  of(environment: number, queryId: string, from: number): ApplicationOf[];
  /** Writes down what was noted since the last time. */
  flush(keyOf: (environment: string) => number | undefined): void;
  drop(before: number): void;
}

interface Noted {
  samples: number;
  lastAt: number;
}

/** Most that are held until they are written down: names are the clients' own, and may differ each time. */
const mostNoted = 5_000;
/** Most rows of one environment. */
const mostKept = 20_000;

export function openApplications({ db }: Store): Applications {
  const noted = new Map<string, Map<string, Noted>>();
  const put = db.prepare(
    `INSERT INTO statement_application (environment, query_id, user, database, application, samples, last_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT DO UPDATE SET samples = samples + ?6, last_at = ?7`,
  );
  const select = db.prepare(
    `SELECT application, user, database, samples, last_at AS lastAt FROM statement_application
     WHERE environment = ? AND query_id = ? AND last_at >= ? ORDER BY samples DESC LIMIT 50`,
  );
  const dropOld = db.prepare('DELETE FROM statement_application WHERE last_at < ?');
  const dropMany = db.prepare(
    `DELETE FROM statement_application WHERE environment = ?1 AND last_at < (
       SELECT last_at FROM statement_application WHERE environment = ?1 ORDER BY last_at DESC LIMIT 1 OFFSET ?2)`,
  );

  return {
    note: (environment, sample) => {
      const byKey = noted.get(environment) ?? new Map<string, Noted>();
      noted.set(environment, byKey);
      for (const { state, queryId, user, database, application } of sample.backends) {
        if (queryId === null || (state !== 'active' && state !== 'waiting')) continue;
        const key = JSON.stringify([queryId, user ?? '', database ?? '', application]);
        const before = byKey.get(key);
        if (before) Object.assign(before, { samples: before.samples + 1, lastAt: sample.at });
        else if (byKey.size < mostNoted) byKey.set(key, { samples: 1, lastAt: sample.at });
      }
    },
    of: (environment, queryId, from) =>
      select.all(environment, queryId, Math.round(from)) as unknown as ApplicationOf[],
    flush: (keyOf) => {
      if (noted.size === 0) return;
      within(db, () => {
        for (const [id, byKey] of noted) {
          const environment = keyOf(id);
          if (environment === undefined || byKey.size === 0) continue;
          for (const [key, { samples, lastAt }] of byKey) {
            const [queryId, user, database, application] = JSON.parse(key) as string[];
            put.run(
              environment,
              queryId ?? '',
              user ?? '',
              database ?? '',
              application ?? '',
              samples,
              Math.round(lastAt),
            );
          }
          dropMany.run(environment, mostKept);
        }
      });
      noted.clear();
    },
    drop: (before) => {
      dropOld.run(before);
    },
  };
}
