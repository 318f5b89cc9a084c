import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Store } from '../store/index.ts';
import { type Versioned, versionIn } from './versions.ts';

/** A version that was away this long and is back was deployed again, ms. */
const awayMs = 10 * 60_000;
const keepMs = 90 * 24 * 3_600_000;
/** Most versions remembered of one environment: names with a number that only looks like one. */
const mostVersions = 500;

interface Version {
  firstAt: number;
  lastAt: number;
  /** `lastAt` as the store has it. */
  writtenAt: number;
}

/** By application, its versions. */
type Applications = Map<string, Map<string, Version>>;

/** Notices deploys by the version in an application's name: another version than those that ran so far. */
export function openDeploys(
  { db }: Store,
  onEvent: (id: string, kind: string, text: string, at?: number) => void,
) {
  const select = db.prepare(`SELECT application, version, first_at AS firstAt, last_at AS lastAt
    FROM application_version JOIN environment ON environment.key = environment WHERE environment.id = ?`);
  const put =
    db.prepare(`INSERT INTO application_version (environment, application, version, first_at, last_at)
    SELECT key, ?, ?, ?, ? FROM environment WHERE id = ?
    ON CONFLICT DO UPDATE SET last_at = excluded.last_at`);
  const all = new Map<string, Applications>();

  const of = (id: string): Applications => {
    const known = all.get(id);
    if (known) return known;
    const rows = select.all(id) as unknown as (Omit<Version, 'writtenAt'> & Versioned)[];
    const made: Applications = new Map();
    for (const { application, version, firstAt, lastAt } of rows) {
      const versions = made.get(application) ?? new Map<string, Version>();
      made.set(application, versions.set(version, { firstAt, lastAt, writtenAt: lastAt }));
    }
    all.set(id, made);
    return made;
  };
  const write = (id: string, application: string, version: string, seen: Version): void => {
    if (seen.writtenAt === seen.lastAt) return;
    put.run(application, version, Math.round(seen.firstAt), Math.round(seen.lastAt), id);
    seen.writtenAt = seen.lastAt;
  };
  const writeAll = (): void => {
    for (const [id, applications] of all)
      for (const [application, versions] of applications)
        for (const [version, seen] of versions) write(id, application, version, seen);
  };
  let writtenAt = 0;

  return {
    see: (id: string, sample: ActivitySample): void => {
      const names = new Set(sample.backends.map(({ application }) => application));
      const applications = of(id);
      for (const name of names) {
        const named = versionIn(name);
        if (!named) continue;
        const { application, version } = named;
        const versions = applications.get(application) ?? new Map<string, Version>();
        applications.set(application, versions);
        const known = versions.get(version);
        const newest = [...versions].sort(([, a], [, b]) => b.lastAt - a.lastAt)[0]?.[0];
        const isBack = known !== undefined && newest !== version && sample.at - known.lastAt > awayMs;
        if (known) known.lastAt = sample.at;
        else if (countOf(applications) < mostVersions) {
          const first = { firstAt: sample.at, lastAt: sample.at, writtenAt: 0 };
          versions.set(version, first);
          write(id, application, version, first);
        } else continue;
        if (newest === undefined || newest === version || (known && !isBack)) continue;
        onEvent(id, 'deploy', `${application} ${version} (before: ${newest})`, sample.at);
      }
    },
    roll: (now: number): void => {
      if (now - writtenAt < awayMs) return;
      writtenAt = now;
      writeAll();
      db.prepare('DELETE FROM application_version WHERE last_at < ?').run(Math.round(now - keepMs));
    },
    forget: (id: string): void => {
      all.delete(id);
    },
    close: writeAll,
  };
}

function countOf(applications: Applications): number {
  let count = 0;
  for (const versions of applications.values()) count += versions.size;
  return count;
}
