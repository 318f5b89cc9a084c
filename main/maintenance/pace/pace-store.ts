import type { Store } from '../../store/index.ts';
import type { Past } from '../status/tables.ts';
import type { Counted } from './due.ts';

/** One measurement. Ages are counts of transactions or multixacts. */
export interface Pace {
  /** ms since 1970. */
  at: number;
  database: string;
  xidAge: number;
  multixactAge: number;
  xminAge: number | null;
  dead: number;
  heaps: { oid: number; dead: number; inserted: number; changed: number }[];
}

export type PacePoint = Omit<Pace, 'heaps' | 'database'>;

export interface PaceStore {
  add(environment: string, pace: Pace): void;
  lastAt(environment: string): number | undefined;
  /** How the heaps of a database were counted in the day before `now`. */
  past(environment: string, database: string, now: number): Past;
  /** Oldest first. */
  points(environment: string, from: number, to: number): PacePoint[];
  /** Dead rows of one heap, as far as it was among the most active. */
  deadOf(environment: string, oid: number, from: number, to: number): { at: number; dead: number }[];
  roll(now: number): void;
}

const day = 24 * 3_600_000;
const kept = { points: 31 * day, heaps: 2 * day };
/** oid, dead, inserted, changed: an unsigned whole number and three floats, four bytes each. */
const width = 4;

export function openPaceStore({ db }: Store): PaceStore {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const known = db.prepare('SELECT key FROM environment WHERE id = ?');
  const insert = db.prepare(
    `INSERT OR REPLACE INTO maintenance_sample
       (environment, at, database, xid_age, multixact_age, xmin_age, dead_rows, tables) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const last = db.prepare('SELECT max(at) AS at FROM maintenance_sample WHERE environment = ?');
  const blobs = db.prepare(
    `SELECT at, tables FROM maintenance_sample
     WHERE environment = ? AND at BETWEEN ? AND ? AND tables IS NOT NULL AND (? IS NULL OR database = ?) ORDER BY at`,
  );
  const select = db.prepare(
    `SELECT at, xid_age AS xidAge, multixact_age AS multixactAge, xmin_age AS xminAge, dead_rows AS dead
     FROM maintenance_sample WHERE environment = ? AND at BETWEEN ? AND ? ORDER BY at`,
  );
  const drop = db.prepare('DELETE FROM maintenance_sample WHERE at < ?');
  const empty = db.prepare('UPDATE maintenance_sample SET tables = NULL WHERE at < ? AND tables IS NOT NULL');

  const find = (id: string): number | undefined => (known.get(id) as { key: number } | undefined)?.key;
  const heapsOf = (environment: string, from: number, to: number, database: string | null) => {
    const key = find(environment);
    if (key === undefined) return [];
    return blobs.all(key, from, to, database, database) as { at: number; tables: Uint8Array }[];
  };

  return {
    add: (environment, { at, database, xidAge, multixactAge, xminAge, dead, heaps }) => {
      const { key } = keyOf.get(environment) as { key: number };
      insert.run(key, Math.round(at), database, xidAge, multixactAge, xminAge, Math.round(dead), pack(heaps));
    },
    lastAt: (environment) => {
      const key = find(environment);
      const row = key === undefined ? undefined : (last.get(key) as { at: number | null });
      return row?.at ?? undefined;
    },
    past: (environment, database, now) => {
      const byOid = new Map<number, Counted[]>();
      for (const { at, tables } of heapsOf(environment, now - day, now - 1, database))
        for (const { oid, ...counters } of unpack(tables)) {
          const one = { at, ...counters };
          const before = byOid.get(oid);
          if (before) before.push(one);
          else byOid.set(oid, [one]);
        }
      return (oid) => byOid.get(oid) ?? [];
    },
    points: (environment, from, to) => {
      const key = find(environment);
      return key === undefined ? [] : (select.all(key, from, to) as unknown as PacePoint[]);
    },
    deadOf: (environment, oid, from, to) =>
      heapsOf(environment, from, to, null).flatMap(({ at, tables }) => {
        const heap = unpack(tables).find((one) => one.oid === oid);
        return heap ? [{ at, dead: heap.dead }] : [];
      }),
    roll: (now) => {
      drop.run(now - kept.points);
      empty.run(now - kept.heaps);
    },
  };
}

function pack(heaps: Pace['heaps']): Uint8Array {
  const words = new Uint32Array(heaps.length * width);
  const floats = new Float32Array(words.buffer);
  heaps.forEach(({ oid, dead, inserted, changed }, index) => {
    words[index * width] = oid;
    floats.set([dead, inserted, changed], index * width + 1);
  });
  return new Uint8Array(words.buffer);
}

function unpack(blob: Uint8Array): Pace['heaps'] {
  const words = new Uint32Array(blob.slice().buffer);
  const floats = new Float32Array(words.buffer);
  return Array.from({ length: words.length / width }, (_, index) => {
    const [dead = 0, inserted = 0, changed = 0] = floats.subarray(index * width + 1, (index + 1) * width);
    return { oid: words[index * width] ?? 0, dead, inserted, changed };
  });
}
