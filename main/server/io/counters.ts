import type { RateName } from '../../../preload/contract/server.ts';
import type { ServerPool } from '../../servers/index.ts';
import { viewsOf } from '../known.ts';
import lagSql from './lag.sql?raw';
import { extendedBytes, readCheckpoints, readIoRows, readPosition, writtenByBackends } from './read-io.ts';

/** Names of counters: their growth over time is kept. */
export type CounterName = Exclude<RateName, 'lag.bytes' | 'lag.ms' | 'slots.kept'>;

/** One measurement: counters that grow, and levels that are kept as they are. Null: not known. */
export interface Counters {
  /** The server's clock, ms. */
  serverNow: number;
  /** Counters begin anew when the server starts. */
  startedAt: number;
  /** Where one of these differs, the counters of that source were reset in between. */
  resets: { checkpoints: number | null; background: number | null; io: number | null };
  counts: Partial<Record<CounterName, bigint | null>>;
  levels: Partial<Record<'lag.bytes' | 'lag.ms' | 'slots.kept', number | null>>;
}

interface LagRow extends Record<string, unknown> {
  lag_bytes: string | null;
  lag_ms: number | null;
  kept: string | null;
}

/** Takes one measurement: four statements, each of a few rows. */
export async function readCounters(pool: ServerPool): Promise<Counters | undefined> {
  const known = await viewsOf(pool);
  const position = await readPosition(pool);
  const checkpoints = await readCheckpoints(pool, known);
  const rows = await readIoRows(pool, known);
  const [lag] = await pool.query<LagRow>(lagSql);
  if (!position || !checkpoints) return undefined;
  const hasIo = known.has('pg_stat_io');
  const whole = (text: string | null | undefined): bigint | null => (text ? BigInt(text) : null);
  return {
    serverNow: position.server_now,
    startedAt: position.started_at,
    resets: {
      checkpoints: checkpoints.reset_at,
      background: checkpoints.background_reset_at,
      io: rows[0]?.reset_at ?? null,
    },
    counts: {
      wal: whole(position.wal),
      read: whole(position.read),
      'checkpoints.timed': whole(checkpoints.timed),
      'checkpoints.requested': whole(checkpoints.requested),
      'written.checkpointer': whole(checkpoints.by_checkpointer),
      'written.background': whole(checkpoints.by_background),
      'written.backends': hasIo ? BigInt(writtenByBackends(rows)) : whole(checkpoints.by_backends),
      extended: hasIo ? BigInt(extendedBytes(rows)) : null,
    },
    levels: {
      'lag.bytes': lag?.lag_bytes ? Math.max(0, Number(lag.lag_bytes)) : null,
      'lag.ms': lag?.lag_ms ?? null,
      'slots.kept': lag?.kept ? Math.max(0, Number(lag.kept)) : null,
    },
  };
}

/** By which reset each counter is told to have begun anew; the position in the WAL never does. */
const resetOf: Readonly<Record<CounterName, keyof Counters['resets'] | null>> = {
  wal: null,
  // pg_stat_database has a reset a database: that its sum went back is all there is to see.
  read: null,
  'checkpoints.timed': 'checkpoints',
  'checkpoints.requested': 'checkpoints',
  'written.checkpointer': 'checkpoints',
  'written.background': 'background',
  'written.backends': 'io',
  extended: 'io',
};

/** The longest time between two measurements that still makes a rate, ms: longer, and it is a gap. */
const longestMs = 5 * 60_000;

/**
 * Growth a second between two measurements, and the levels of the later one. What was reset in between, went back, or
 * lies over a restart, a jump of the clock or a long pause is left out: it is not known.
 */
export function ratesBetween(before: Counters | undefined, now: Counters): Partial<Record<RateName, number>> {
  const rates: Partial<Record<RateName, number>> = {};
  for (const [name, value] of Object.entries(now.levels)) {
    if (typeof value === 'number') rates[name as keyof Counters['levels']] = value;
  }
  if (!before || Math.abs(before.startedAt - now.startedAt) > 1000) return rates;
  const ms = now.serverNow - before.serverNow;
  if (!(ms > 0) || ms > longestMs) return rates;
  for (const [key, reset] of Object.entries(resetOf)) {
    const name = key as CounterName;
    const [first, last] = [before.counts[name], now.counts[name]];
    if (first === null || first === undefined || last === null || last === undefined) continue;
    if (reset && before.resets[reset] !== now.resets[reset]) continue;
    const grown = Number(last - first);
    if (grown >= 0) rates[name] = (grown * 1000) / ms;
  }
  return rates;
}
