import type { MaintenanceHistory } from '../../../preload/contract/maintenance.ts';
import type { ServerEvent, Window } from '../../../preload/contract/metrics.ts';
import type { PacePoint, PaceStore } from './pace-store.ts';

const hour = 3_600_000;
const spans: Record<Window, number> = { '1h': hour, '24h': 24 * hour, '7d': 168 * hour, '30d': 720 * hour };
const mostPoints = 300;
/** Measurements come this far apart, ms: a narrower step would show gaps between them. */
const beatMs = 12 * 60_000;

export interface HistoryOptions {
  environment: string;
  window: Window;
  /** oid of the one table whose dead rows are wanted. */
  table: number | undefined;
  now: number;
  events: (from: number, to: number) => ServerEvent[];
}

/** A window over what was measured, in at most 300 steps, of each the highest. */
export function paceHistory(store: PaceStore, options: HistoryOptions): MaintenanceHistory {
  const { environment, window, table, now, events } = options;
  const from = now - spans[window];
  const stepMs = Math.max(spans[window] / mostPoints, beatMs);
  const count = Math.ceil(spans[window] / stepMs);
  const points = store.points(environment, from, now);
  const series = (value: (point: PacePoint) => number | null): (number | null)[] =>
    steps(points.map((point) => ({ at: point.at, value: value(point) })));
  const steps = (values: { at: number; value: number | null }[]): (number | null)[] => {
    const highest = new Array<number | null>(count).fill(null);
    for (const { at, value } of values) {
      const index = Math.min(count - 1, Math.floor((at - from) / stepMs));
      if (value !== null) highest[index] = Math.max(highest[index] ?? value, value);
    }
    return highest;
  };
  return {
    from,
    to: now,
    stepMs,
    xidAge: series(({ xidAge }) => xidAge),
    multixactAge: series(({ multixactAge }) => multixactAge),
    xminAge: series(({ xminAge }) => xminAge),
    dead:
      table === undefined
        ? series(({ dead }) => dead)
        : steps(store.deadOf(environment, table, from, now).map(({ at, dead }) => ({ at, value: dead }))),
    events: events(from, now),
  };
}
