import type { Series } from '../../../preload/contract/metrics.ts';
import { type RateName, type Rates, rateNames } from '../../../preload/contract/server.ts';
import { type Store, within } from '../../store/index.ts';
import { type Extent, join, type Point, packExtents, packValues, unpack } from './packed.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How coarse points are, and how long they are kept. Each grain is made from the one before. */
const grains = [
  { ms: minute, keepMs: day + hour },
  { ms: 10 * minute, keepMs: 7 * day + hour },
  { ms: hour, keepMs: 35 * day },
] as const;

const mostPoints = 300;

export interface RateStore {
  add(environment: string, at: number, values: Partial<Record<RateName, number>>): void;
  /** At most 300 steps, each with its extremes; a step without a point is a gap. */
  rates(environment: string, from: number, to: number, now: number): Omit<Rates, 'events'>;
  roll(now: number): void;
}

export function openRateStore({ db }: Store): RateStore {
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const key = (environment: string): number => (insertKey.get(environment) as { key: number }).key;
  const put = db.prepare(
    'INSERT OR REPLACE INTO server_rate (environment, grain_ms, at, value) VALUES (?, ?, ?, ?)',
  );
  const select = db.prepare(
    'SELECT at, value FROM server_rate WHERE environment = ? AND grain_ms = ? AND at BETWEEN ? AND ? ORDER BY at',
  );
  const ends = db.prepare(
    'SELECT min(at) AS first, max(at) AS last FROM server_rate WHERE environment = ? AND grain_ms = ?',
  );
  const drop = db.prepare('DELETE FROM server_rate WHERE environment = ? AND grain_ms = ? AND at < ?');

  const endsOf = (id: number, grain: number) =>
    ends.get(id, grain) as { first: number | null; last: number | null };
  const read = (id: number, grain: number, from: number, to: number): Point[] =>
    (select.all(id, grain, from, to) as { at: number; value: Uint8Array }[]).map(({ at, value }) => ({
      at,
      extents: unpack(value, grain === minute),
    }));

  const rollGrain = (id: number, index: number, now: number): void => {
    const [grain, finer] = [grains[index], grains[index - 1]];
    if (!grain || !finer) return;
    const { first } = endsOf(id, finer.ms);
    if (first === null) return;
    const { last } = endsOf(id, grain.ms);
    const start = (at: number): number => Math.floor(at / grain.ms) * grain.ms;
    const from = last === null ? start(first) : last + grain.ms;
    const end = start(now);
    if (from >= end) return;
    const steps = Map.groupBy(read(id, finer.ms, from, end - 1), ({ at }) => start(at));
    for (const [at, points] of steps)
      put.run(id, grain.ms, at, packExtents(join(points.map(({ extents }) => extents))));
  };

  return {
    add: (environment, at, values) => {
      put.run(key(environment), minute, Math.round(at), packValues(values));
    },
    rates: (environment, from, to, now) => {
      const id = key(environment);
      const points: Point[] = [];
      let reached = Math.floor(from);
      let widest: number = minute;
      const first = grains.findIndex((grain) => now - grain.keepMs <= from);
      // The coarse grain first, then ever finer ones for what it has not reached yet.
      for (let index = first < 0 ? grains.length - 1 : first; index >= 0; index -= 1) {
        const grain = grains[index];
        if (!grain) break;
        const more = read(id, grain.ms, reached, Math.ceil(to));
        if (more.length > 0) widest = Math.max(widest, grain.ms);
        points.push(...more);
        const last = more.at(-1);
        if (last) reached = last.at + grain.ms;
      }
      return { ...steps(points, from, to, widest), to, measuredAt: endsOf(id, minute).last };
    },
    roll: (now) => {
      const all = db.prepare('SELECT DISTINCT environment AS id FROM server_rate').all() as { id: number }[];
      for (const { id } of all)
        within(db, () => {
          for (let index = 1; index < grains.length; index += 1) rollGrain(id, index, now);
          for (const grain of grains) drop.run(id, grain.ms, now - grain.keepMs);
        });
    },
  };
}

/** Points in equal steps, a little wider than their beat, so that an ordinary beat shows no gap. */
function steps(points: readonly Point[], from: number, to: number, beat: number) {
  const stepMs = Math.max((to - from) / mostPoints, 1.25 * beat);
  const count = Math.max(1, Math.ceil((to - from) / stepMs));
  const buckets: Extent[][][] = Array.from({ length: count }, () => []);
  for (const { at, extents } of points) {
    if (at >= from && at <= to) buckets[Math.min(count - 1, Math.floor((at - from) / stepMs))]?.push(extents);
  }
  const joined = buckets.map((bucket) => (bucket.length > 0 ? join(bucket) : undefined));
  const series: Partial<Record<RateName, Series>> = {};
  rateNames.forEach((name, index) => {
    const column = (part: keyof Extent): (number | null)[] =>
      joined.map((extents) => {
        const value = extents?.[index]?.[part];
        return value === undefined || Number.isNaN(value) ? null : value;
      });
    const mean = column('mean');
    if (mean.some((value) => value !== null))
      series[name] = { mean, low: column('low'), high: column('high') };
  });
  return { from, stepMs, series };
}
