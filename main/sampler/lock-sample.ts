import type { ActivitySample } from '../../preload/contract/activity.ts';
import { fillTemplate, isOwnSession, type KnownColumns, type ServerPool } from '../servers/index.ts';
import backendsSql from './backends.sql?raw';
import clockSql from './clock.sql?raw';
import columnsSql from './columns.sql?raw';
import { readSample } from './read-sample.ts';
import type { BackendRow, ClockRow, WaitRow } from './rows.ts';
import waitsSql from './waits.sql?raw';

type Rows<T> = (T & Record<string, unknown>)[];

/**
 * A sample for whoever asks who waits for whom now: with what is waited for, which the live sample only knows once it
 * has seen somebody wait. Some milliseconds lie between its parts.
 */
export async function takeLockSample(pool: ServerPool, at: number): Promise<ActivitySample> {
  const columns = await columnsOf(pool);
  const backends: Rows<BackendRow> = await pool.query(fillTemplate(backendsSql, columns));
  const waits: Rows<WaitRow> = await pool.query(fillTemplate(waitsSql, columns));
  const [clock] = (await pool.query(clockSql)) as Rows<ClockRow>;
  if (!clock) throw new Error('The server told no time.');
  return readSample(
    { backends, waits, clock },
    { at, intervalMs: 0, reservedConnections: 0, isOwn: isOwnSession },
  );
}

async function columnsOf(pool: ServerPool): Promise<KnownColumns> {
  const rows = await pool.query<{ view: string; column: string }>(columnsSql);
  const byView = Map.groupBy(rows, ({ view }) => view);
  return new Map([...byView].map(([view, all]) => [view, new Set(all.map(({ column }) => column))]));
}
