import { openEpisodeStore } from '../../main/locks/episode-store.ts';
import { openPaceStore } from '../../main/maintenance/pace/pace-store.ts';
import { openMetricStore } from '../../main/metrics/index.ts';
import { allKnown, counters, width } from '../../main/queries/counters.ts';
import { grains as statementGrains } from '../../main/queries/grains.ts';
import { openStepStore } from '../../main/queries/step-store.ts';
import { openTextStore } from '../../main/queries/text-store.ts';
import { openRateStore } from '../../main/server/io/rate-store.ts';
import { allTables, type Kept, schemaKey } from '../../main/storage/growth/codec.ts';
import type { Known } from '../../main/storage/growth/known.ts';
import { openSizeStore } from '../../main/storage/growth/size-store.ts';
import { type Store, within } from '../../main/store/index.ts';
import { openWaitStore } from '../../main/waits/wait-store.ts';
import type { LockParty } from '../../preload/contract/locks.ts';
import { type MetricName, metricNames } from '../../preload/contract/metrics.ts';
import { rateNames } from '../../preload/contract/server.ts';

/** Writes what one room keeps of one environment from a time on, as its own code does while it watches. */
export interface Writer {
  /** Its tables begin with one of these. */
  tables: readonly string[];
  /** One hour of it, from `at` on. `isLast`: the one that ends now. */
  hour(environment: string, at: number, isLast: boolean): void;
  /** Makes history coarser and drops what is past its time. */
  roll?(now: number): void;
  /** What is not written hour by hour. */
  whole?(environment: string, from: number, to: number): void;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The same numbers in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

export function writersOf(store: Store): Record<string, Writer> {
  const next = random(11);
  const pick = (count: number): number => Math.floor(count * next() ** 2);
  return {
    metrics: metricWriter(store, next),
    statements: statementWriter(store, next),
    waits: waitWriter(store, next, pick),
    locks: lockWriter(store, next),
    storage: storageWriter(store, next, pick),
    maintenance: maintenanceWriter(store, next),
    server: serverWriter(store, next),
  };
}

/** Live samples, each ten minutes the sizes of five databases, and fifty events a day. */
function metricWriter(store: Store, next: () => number): Writer {
  const metrics = openMetricStore(store);
  return {
    tables: ['metric_', 'database_size', 'event'],
    hour: (environment, at, isLast) => {
      // Only the last hour is there at its full rate; of the others minutes stay.
      const step = isLast ? 5000 : minute;
      for (let time = at; time < at + hour; time += step) {
        const values: Partial<Record<MetricName, number>> = {};
        for (const name of metricNames) values[name] = next() * 100;
        metrics.addSample(environment, time, values);
      }
      for (let time = at; time < at + hour; time += 10 * minute) {
        const sizes = Array.from({ length: 5 }, (_, index) => ({
          database: `customer_database_${index}`,
          bytes: 1e9 + Math.round((time / 1000) * (index + 1)),
        }));
        metrics.addSizes(environment, time, sizes);
      }
      for (let index = 0; index < 2; index += 1)
        metrics.addEvent(environment, {
          at: at + next() * hour,
          kind: 'settings-changed',
          text: 'work_mem: 4 MB → 64 MB (ada via desktop)',
        });
    },
    roll: metrics.roll,
  };
}

/** A thousand statements, of which every step keeps as many as it may where a hundred environments are watched. */
function statementWriter(store: Store, next: () => number): Writer {
  const steps = openStepStore(store);
  const texts = openTextStore(store);
  const step = (environment: number, grainMs: number, to: number, ids: readonly number[]): void => {
    const ms = grainMs || minute;
    const columns = Array.from({ length: width }, (_, column) =>
      Float64Array.from(ids, () => {
        // Of most statements most counters stand still.
        const moves = column < 3 || counters[column] === 'sharedHit' || next() < 0.15;
        return moves ? Math.round(10 ** (next() * 5) * (ms / minute)) : 0;
      }),
    );
    steps.add(environment, grainMs, {
      ...{ from: to - ms, to, known: allKnown, evicted: 0, marks: 0, others: 4000 },
      ids: Int32Array.from(ids),
      columns,
    });
  };
  return {
    tables: ['statement'],
    hour: () => undefined,
    whole: (name, from, to) => {
      const environment = steps.keyOf(name);
      const keys = Array.from(
        { length: 1000 },
        (_, index) => `16384.16385.${BigInt(Math.floor(next() * 2 ** 53)) * 997n + BigInt(index)}.t`,
      );
      within(store.db, () => {
        const ids = texts.ids(environment, keys, to);
        for (const key of keys) {
          const column = (): string => `t.column_${Math.floor(next() * 1000)}`;
          const text = `SELECT ${Array.from({ length: 12 }, column).join(', ')} FROM relation_${Math.floor(next() * 1e6)} AS t WHERE ${column()} = $1 AND ${column()} > $2 ORDER BY ${column()} LIMIT $3`;
          texts.keepText(environment, key, text, text.length);
        }
        for (const { ms, keepMs, least } of statementGrains) {
          const beginning = Math.max(from, to - keepMs);
          const length = ms || minute;
          for (let end = Math.ceil(beginning / length) * length + length; end <= to; end += length) {
            const chosen = ids.filter((_, index) => index < least / 2 || next() < least / 2 / 950);
            step(environment, ms, end, [0, ...chosen.sort((a, b) => a - b)]);
          }
        }
      });
    },
  };
}

/** Each minute about fifteen different things that active sessions do, of three hundred statements. */
function waitWriter(store: Store, next: () => number, pick: (count: number) => number): Writer {
  const waits = openWaitStore(store);
  const events = ['CPU', 'IO:DataFileRead', 'Lock:transactionid', 'LWLock:WALWrite', 'Client:ClientRead'];
  return {
    tables: ['wait_', 'application_version'],
    hour: (environment, at) => {
      for (let time = at; time < at + hour; time += minute) {
        const parts = Array.from({ length: 10 + Math.floor(next() * 10) }, () => {
          const statement = pick(300);
          return {
            of: 'clients' as const,
            wait: events[pick(events.length)] ?? 'CPU',
            user: `role_${statement % 4}`,
            application: `service-${statement % 6}`,
            database: `customer_database_${statement % 3}`,
            statement: {
              key: `${statement * 7919}`,
              text: `SELECT a.b, a.c FROM relation_${statement} AS a WHERE a.d = $1 AND a.e > $2 ORDER BY a.f LIMIT $3`,
            },
            ms: Math.round(next() * 30_000),
          };
        });
        waits.add(environment, { at: time, coveredMs: minute, hiddenMs: 0, parts });
      }
    },
    roll: waits.roll,
  };
}

/** Six jams a day, of six sessions each. */
function lockWriter(store: Store, next: () => number): Writer {
  const episodes = openEpisodeStore(store);
  return {
    tables: ['lock_'],
    hour: (environment, at) => {
      if (next() > 6 / 24) return;
      const party = (pid: number, blockedBy: number[]): LockParty => ({
        ...{
          pid,
          kind: 'session',
          user: 'billing',
          database: 'billing',
          application: 'billing-worker',
          client: '10.0.0.7:54321',
        },
        ...{
          backendStart: '2026-01-12 14:03:22.123456+00',
          gid: null,
          type: 'client backend',
          state: 'waiting',
        },
        ...{ query: `UPDATE subscriptions SET updated_at = now() WHERE id = ${pid}`, queryCut: false },
        ...{ queryId: '9209613655261957936', transactionAt: at, queryAt: at, stateAt: at, waitingSince: at },
        ...{ waitsFor: { mode: 'ShareLock', target: 'transaction 4711' }, blockedBy, workers: 0 },
      });
      const parties = [party(100, []), ...[1, 2, 3, 4, 5].map((index) => party(100 + index, [99 + index]))];
      const locks = [{ target: 'transaction 4711', mode: 'ShareLock', waiters: 5 }];
      const root = parties[0] as LockParty;
      episodes.put(environment, {
        ...{ id: undefined, rootKey: `${at}`, root, began: at, ended: at + 20_000, end: 'transaction-ended' },
        ...{
          lastSeen: at + 20_000,
          samples: 8,
          mostWaiters: 5,
          longestWaitMs: 18_000,
          waitedMs: 60_000,
          locks,
        },
        worst: {
          ...{ at, serverNow: at, parties, waiting: 5, roots: 1, longestWaitMs: 18_000, waitedMs: 60_000 },
          locks,
        },
      });
    },
    roll: episodes.drop,
  };
}

/** Five hundred tables, of which a tenth grows each hour. */
function storageWriter(store: Store, next: () => number, pick: (count: number) => number): Writer {
  const sizes = openSizeStore(store);
  const tables = 500;
  const state = new Map<string, Map<number, Kept>>();
  const known: Known = {
    tables: Array.from({ length: tables }, (_, index) => {
      const oid = 20_000 + index;
      return { oid, schema: 'public', name: `relation_of_things_${index}`, of: oid, firstAt: 0 };
    }),
    indexes: Array.from({ length: tables * 2 }, (_, index) => {
      const of = 20_000 + (index % tables);
      return {
        oid: 40_000 + index,
        schema: 'public',
        name: `relation_of_things_${index}_idx`,
        of,
        firstAt: 0,
      };
    }),
    schemas: ['public'],
    gone: [],
  };
  return {
    tables: ['storage_'],
    hour: (environment, at) => {
      const of =
        state.get(environment) ??
        new Map(
          Array.from({ length: tables }, (_, index): [number, Kept] => [
            20_000 + index,
            {
              heap: Math.floor(10 ** (2 + next() * 5)),
              toast: 8,
              indexes: Math.floor(10 ** (2 + next() * 4)),
            },
          ]),
        );
      state.set(environment, of);
      for (let time = 0; time < tables / 10; time += 1) {
        const oid = 20_000 + pick(tables);
        const before = of.get(oid) as Kept;
        of.set(oid, { ...before, heap: before.heap + Math.floor(next() * 500) });
      }
      const sum = [...of.values()].reduce((all, { heap, toast, indexes }) => ({
        heap: all.heap + heap,
        toast: all.toast + toast,
        indexes: all.indexes + indexes,
      }));
      const look = new Map([...of, [schemaKey(0), sum], [allTables, sum]]);
      sizes.add(environment, 'billing', at, known, { database: sum.heap + sum.indexes, sizes: look });
    },
    roll: sizes.roll,
  };
}

/** Every ten minutes the ages, and the two hundred most active tables. */
function maintenanceWriter(store: Store, next: () => number): Writer {
  const paces = openPaceStore(store);
  return {
    tables: ['maintenance_'],
    hour: (environment, at) => {
      for (let time = at; time < at + hour; time += 10 * minute)
        paces.add(environment, {
          ...{ at: time, database: 'billing', xidAge: Math.floor(1e8 + time / 1e6), multixactAge: 1000 },
          ...{ xminAge: 500, dead: Math.floor(next() * 1e6) },
          heaps: Array.from({ length: 200 }, (_, index) => ({
            ...{ oid: 20_000 + index, dead: Math.floor(next() * 1e4) },
            ...{ inserted: Math.floor(next() * 1e5), changed: Math.floor(next() * 1e5) },
          })),
        });
    },
    roll: paces.roll,
  };
}

/** Every minute how the server writes and replicates. */
function serverWriter(store: Store, next: () => number): Writer {
  const rates = openRateStore(store);
  return {
    tables: ['server_'],
    hour: (environment, at) => {
      for (let time = at; time < at + hour; time += minute)
        rates.add(environment, time, Object.fromEntries(rateNames.map((name) => [name, next() * 1e6])));
    },
    roll: rates.roll,
  };
}

export const month = 30 * day;
