import type { Environment } from '../../preload/contract/environments.ts';
import type { DatabaseSize } from '../../preload/contract/metrics.ts';
import type { Broadcast } from '../lib/broadcast.ts';
import type { Implementer } from '../rpc.ts';
import type { MetricValues } from '../sampler/index.ts';
import { downSample } from './down-sample.ts';
import { windowMs } from './grains.ts';
import type { MetricStore, SizeRow } from './metric-store.ts';

export interface MetricPoint {
  at: number;
  values: MetricValues;
  maxConnections: number;
}

export interface MetricsNeeds {
  store: MetricStore;
  findEnvironment(ref: string): Environment;
  points(id: string): Broadcast<MetricPoint>;
  maxConnections(id: string): number | null;
  sizeState(id: string): { nextAt: number | null; measuredMs: number | null };
}

export function metricsRouter(os: Implementer, needs: MetricsNeeds) {
  const { store, findEnvironment } = needs;
  return os.metrics.router({
    history: os.metrics.history.handler(({ input }) => {
      const { id } = findEnvironment(input.environment);
      const now = Date.now();
      const to = input.to ?? now;
      const from = input.from ?? to - windowMs[input.window];
      const steps = downSample(store.points(id, from, to, now), from, to);
      const events = store.events(id, from, to);
      const eventsLeftOut = store.countEvents(id, from, to) - events.length;
      return { ...steps, to, events, eventsLeftOut, maxConnections: needs.maxConnections(id) };
    }),
    watch: os.metrics.watch.handler(async function* ({ input, signal }) {
      yield* needs.points(findEnvironment(input.environment).id).follow(signal);
    }),
    databases: os.metrics.databases.handler(({ input }) => {
      const { id } = findEnvironment(input.environment);
      const rows = store.sizes(id, Date.now() - windowMs[input.window]);
      return { ...needs.sizeState(id), databases: summarise(rows), total: totals(rows) };
    }),
  });
}

/** The newest measurement of each database, with its growth since the first one in the window. */
function summarise(rows: SizeRow[]): DatabaseSize[] {
  const newestAt = rows.at(-1)?.at;
  const byDatabase = Map.groupBy(rows, (row) => row.database);
  const databases: DatabaseSize[] = [];
  for (const [database, measured] of byDatabase) {
    const last = measured.at(-1);
    // A database that the newest measurement does not name has been dropped.
    if (!last || last.at !== newestAt) continue;
    const first = measured.find((row) => row.bytes !== null);
    const grown = first && first !== last && last.bytes !== null && first.bytes !== null;
    databases.push({
      database,
      bytes: last.bytes === null ? null : String(last.bytes),
      at: last.at,
      growth: grown ? String((last.bytes ?? 0) - (first.bytes ?? 0)) : null,
      overMs: grown ? last.at - first.at : null,
    });
  }
  return databases.sort((a, b) => Number(b.bytes ?? -1) - Number(a.bytes ?? -1));
}

/** Sum of all sizes at each measurement, thinned to at most 300 points. */
function totals(rows: SizeRow[]): { at: number; bytes: number }[] {
  const all = [...Map.groupBy(rows, (row) => row.at)].map(([at, measured]) => ({
    at,
    bytes: measured.reduce((sum, row) => sum + (row.bytes ?? 0), 0),
  }));
  const every = Math.ceil(all.length / 300);
  return all.filter((_, index) => index % every === 0 || index === all.length - 1);
}
