/** What decides which snapshots are let go. Times in ms since 1970. */
export interface Thinned {
  id: number;
  /** Null once it was removed. */
  environment: string | null;
  database: string;
  role: string;
  takenAt: number;
  seenUntil: number;
  /** 1 when it was kept by itself and nobody has named it. */
  mayGo: number;
}

const dayMs = 86_400_000;
/** From this age on one a day is enough. */
const thinnedFrom = 30 * dayMs;
/** How many are kept of one environment and database. */
const most = 60;
/** How long those of an environment that is gone are kept. */
const orphansFor = 90 * dayMs;

/**
 * Which snapshots are to go: of those that were kept by themselves, per environment and database, all but the last of
 * each day (UTC) once they are older than 30 days, and the oldest beyond 60. The newest of each role stays: it says
 * what the next reading is compared with.
 */
export function letGo(all: readonly Thinned[], now: number): number[] {
  const orphans = all.filter(
    ({ environment, mayGo, seenUntil }) => environment === null && mayGo && now - seenUntil > orphansFor,
  );
  const groups = Map.groupBy(
    all.filter(({ environment }) => environment !== null),
    ({ environment, database }) => JSON.stringify([environment, database]),
  );
  return [...orphans, ...[...groups.values()].flatMap((group) => thinned(group, now))].map(({ id }) => id);
}

function thinned(group: readonly Thinned[], now: number): Thinned[] {
  const newestFirst = [...group].sort((a, b) => b.takenAt - a.takenAt || b.id - a.id);
  const roles = new Set<string>();
  const days = new Set<string>();
  let kept = 0;
  return newestFirst.filter((one) => {
    const isNewest = !roles.has(one.role);
    roles.add(one.role);
    if (!one.mayGo) return false;
    const day = JSON.stringify([Math.floor(one.takenAt / dayMs), one.role]);
    const isSpare = days.has(day) && now - one.takenAt > thinnedFrom;
    days.add(day);
    if (!isNewest && (isSpare || kept >= most)) return true;
    kept += 1;
    return false;
  });
}
