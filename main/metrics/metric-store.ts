import { type MetricName, metricNames, type ServerEvent } from '../../preload/contract/metrics.ts';
import { type Store, within } from '../store/index.ts';
import { joinExtents, type Point, packExtents, packRaw, unpack } from './codec.ts';
import { grainFor, grains } from './grains.ts';

/** One measurement of a database's size. `bytes` is null where the role may not see it. */
export interface SizeRow {
  database: string;
  at: number;
  bytes: number | null;
}

/** Metrics, sizes and events of all environments, in the own store. Times are ms since 1970. */
export interface MetricStore {
  addSample(environment: string, at: number, values: Partial<Record<MetricName, number>>): void;
  /** Points from `from` to `to`, at the finest grain that reaches back that far; the newest part finer. */
  points(environment: string, from: number, to: number, now: number): Point[];
  /** Client sessions of all states together, sample by sample. */
  sessions(environment: string, from: number, to: number): { at: number; sessions: number }[];
  addSizes(environment: string, at: number, sizes: { database: string; bytes: number | null }[]): void;
  sizes(environment: string, from: number): SizeRow[];
  addEvent(environment: string, event: ServerEvent): void;
  /** The newest 1,000 between two times, oldest first. */
  events(environment: string, from: number, to: number): ServerEvent[];
  countEvents(environment: string, from: number, to: number): number;
  /** Marks a start of the server, once, if it was seen running before: then it was a restart. */
  noteStart(environment: string, startedAt: number): void;
  /** Makes the coarser grains up to `now` and drops what is past its time. */
  roll(now: number): void;
  forget(environment: string): void;
}

/** Places of the metrics that count sessions by state. */
const sessionMetrics = metricNames.flatMap((name, index) => (name.startsWith('sessions.') ? [index] : []));

const hourMs = 3_600_000;
const yearMs = 366 * 24 * hourMs;
/** How long every measurement of sizes is kept. */
const sizesWholeMs = 48 * hourMs;

export function openMetricStore({ db }: Store): MetricStore {
  const keys = new Map<string, number>();
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insertSample = db.prepare(
    'INSERT OR REPLACE INTO metric_sample (environment, grain_ms, at, value) VALUES (?, ?, ?, ?)',
  );
  const selectSamples = db.prepare(
    'SELECT at, value FROM metric_sample WHERE environment = ? AND grain_ms = ? AND at >= ? AND at <= ? ORDER BY at',
  );
  const selectLast = db.prepare(
    'SELECT max(at) AS at FROM metric_sample WHERE environment = ? AND grain_ms = ?',
  );
  const selectFirst = db.prepare(
    'SELECT min(at) AS at FROM metric_sample WHERE environment = ? AND grain_ms = ?',
  );
  const dropSamples = db.prepare(
    'DELETE FROM metric_sample WHERE environment = ? AND grain_ms = ? AND at < ?',
  );
  const insertSize = db.prepare(
    'INSERT OR REPLACE INTO database_size (environment, at, database, bytes) VALUES (?, ?, ?, ?)',
  );
  const thinSizes = db.prepare(
    `DELETE FROM database_size WHERE environment = ?1 AND at >= ?2 AND at < ?3
       AND at > (SELECT min(at) FROM database_size WHERE environment = ?1 AND at >= ?2 AND at < ?3)`,
  );
  const selectSizes = db.prepare(
    'SELECT database, at, bytes FROM database_size WHERE environment = ? AND at >= ? ORDER BY at',
  );
  const insertEvent = db.prepare('INSERT INTO event (environment, at, kind, text) VALUES (?, ?, ?, ?)');
  const findEvent = db.prepare('SELECT 1 FROM event WHERE environment = ? AND at = ? AND kind = ?');
  const selectEvents = db.prepare(
    'SELECT at, kind, text FROM event WHERE environment = ? AND at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT 1000',
  );
  const countEvents = db.prepare(
    'SELECT count(*) AS count FROM event WHERE environment = ? AND at BETWEEN ? AND ?',
  );

  const key = (environment: string): number => {
    const cached = keys.get(environment);
    if (cached !== undefined) return cached;
    const { key: made } = insertKey.get(environment) as { key: number };
    keys.set(environment, made);
    return made;
  };

  const read = (environment: number, grainMs: number, from: number, to: number): Point[] =>
    (selectSamples.all(environment, grainMs, from, to) as { at: number; value: Uint8Array }[]).map((row) => ({
      at: row.at,
      extents: unpack(row.value, grainMs === 0),
    }));

  /** Makes the finished steps of one grain out of the finer one. */
  const rollGrain = (environment: number, index: number, now: number): void => {
    const grain = grains[index];
    const finer = grains[index - 1];
    if (!grain || !finer) return;
    const last = (selectLast.get(environment, grain.ms) as { at: number | null }).at;
    const first = (selectFirst.get(environment, finer.ms) as { at: number | null }).at;
    if (first === null) return;
    const from = last === null ? Math.floor(first / grain.ms) * grain.ms : last + grain.ms;
    const end = Math.floor(now / grain.ms) * grain.ms;
    if (from >= end) return;
    const steps = new Map<number, Point[]>();
    for (const point of read(environment, finer.ms, from, end - 1)) {
      const step = Math.floor(point.at / grain.ms) * grain.ms;
      const points = steps.get(step);
      if (points) points.push(point);
      else steps.set(step, [point]);
    }
    for (const [at, points] of steps) {
      insertSample.run(
        environment,
        grain.ms,
        at,
        packExtents(joinExtents(points.map((point) => point.extents))),
      );
    }
  };

  return {
    addSample: (environment, at, values) => {
      insertSample.run(key(environment), 0, Math.round(at), packRaw(values));
    },
    points: (environment, from, to, now) => {
      const id = key(environment);
      let points: Point[] = [];
      let reached = from;
      // The coarse grain first, then the part it has not reached yet from ever finer ones.
      for (let index = grainFor(from, now); index >= 0; index -= 1) {
        const grain = grains[index];
        if (!grain) break;
        const more = read(id, grain.ms, reached, to);
        points = points.concat(more);
        const last = more.at(-1);
        if (last) reached = last.at + Math.max(1, grain.ms);
      }
      return points;
    },
    sessions: (environment, from, to) =>
      read(key(environment), 0, from, to).map(({ at, extents }) => ({
        at,
        sessions: sessionMetrics.reduce((sum, index) => sum + (extents[index]?.mean || 0), 0),
      })),
    addSizes: (environment, at, sizes) => {
      const id = key(environment);
      within(db, () => {
        for (const { database, bytes } of sizes) insertSize.run(id, Math.round(at), database, bytes);
        // Of what is older than two days one measurement an hour stays; the hour that has just become so is gone through.
        const old = Math.floor((at - sizesWholeMs) / hourMs) * hourMs;
        thinSizes.run(id, old - hourMs, old);
      });
    },
    sizes: (environment, from) => selectSizes.all(key(environment), from) as unknown as SizeRow[],
    addEvent: (environment, event) => {
      insertEvent.run(key(environment), Math.round(event.at), event.kind, event.text);
    },
    noteStart: (environment, startedAt) => {
      const id = key(environment);
      const at = Math.round(startedAt);
      const first = selectFirst.get(id, 0) as { at: number | null };
      const coarse = selectFirst.get(id, grains.at(-1)?.ms ?? 0) as { at: number | null };
      const seen = coarse.at ?? first.at;
      if (seen === null || seen >= at || findEvent.get(id, at, 'server-restarted')) return;
      insertEvent.run(id, at, 'server-restarted', 'The server was restarted.');
    },
    events: (environment, from, to) => {
      const newest = selectEvents.all(key(environment), Math.floor(from), Math.ceil(to));
      return (newest as unknown as ServerEvent[]).reverse();
    },
    countEvents: (environment, from, to) =>
      (countEvents.get(key(environment), Math.floor(from), Math.ceil(to)) as { count: number }).count,
    roll: (now) => {
      const all = db.prepare('SELECT key FROM environment').all() as { key: number }[];
      for (const { key: id } of all) {
        within(db, () => {
          for (let index = 1; index < grains.length; index += 1) rollGrain(id, index, now);
          for (const grain of grains) dropSamples.run(id, grain.ms, now - grain.keepMs);
        });
      }
      db.prepare('DELETE FROM event WHERE at < ?').run(now - yearMs);
      db.prepare('DELETE FROM database_size WHERE at < ?').run(now - yearMs);
    },
    forget: (environment) => {
      db.prepare('DELETE FROM environment WHERE id = ?').run(environment);
      keys.delete(environment);
    },
  };
}
