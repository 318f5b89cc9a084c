import { type Store, within } from '../../store/index.ts';
import { type Look, packLook, unpackLook } from './codec.ts';
import { type Known, packKnown, unpackKnown } from './known.ts';

/** What is kept of an environment's databases. Times are ms since 1970. */
export interface SizeStore {
  /** What is known of a database; of the one looked at last unless named. */
  known(environment: string, database?: string): KnownDatabase | undefined;
  /** The newest look. */
  last(environment: string, database: string): { at: number; look: Look } | undefined;
  add(environment: string, database: string, at: number, known: Known, look: Look): void;
  /** Looks between two times, oldest first. */
  looks(
    environment: string,
    database: string,
    from: number,
    to: number,
  ): Generator<{ at: number; look: Look }>;
  /** Drops what is past its time. */
  roll(now: number): void;
}

export interface KnownDatabase {
  database: string;
  firstAt: number;
  at: number;
  known: Known;
}

const day = 24 * 3_600_000;
const startOfDay = (at: number): number => Math.floor(at / day) * day;

/** Hourly looks are kept for a week, the first of each day for a year. */
const hourly = 7 * day;
const daily = 366 * day;

interface KnownRow {
  database: string;
  first_at: number;
  at: number;
  value: Uint8Array;
}

interface SizeRow {
  at: number;
  is_whole: number;
  value: Uint8Array;
}

export function openSizeStore({ db }: Store): SizeStore {
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const findKey = db.prepare('SELECT key FROM environment WHERE id = ?');
  const selectKnown = db.prepare(
    'SELECT database, first_at, at, value FROM storage_known WHERE environment = ? AND database = ?',
  );
  const selectNewest = db.prepare(
    'SELECT database, first_at, at, value FROM storage_known WHERE environment = ? ORDER BY at DESC LIMIT 1',
  );
  const putKnown = db.prepare(
    `INSERT INTO storage_known (environment, database, first_at, at, value) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (environment, database) DO UPDATE SET at = excluded.at, value = excluded.value`,
  );
  const insertSize = db.prepare(
    'INSERT OR REPLACE INTO storage_size (environment, database, at, is_whole, value) VALUES (?, ?, ?, ?, ?)',
  );
  const wholeBefore = db.prepare(
    'SELECT max(at) AS at FROM storage_size WHERE environment = ? AND database = ? AND is_whole = 1 AND at <= ?',
  );
  const selectSizes = db.prepare(
    'SELECT at, is_whole, value FROM storage_size WHERE environment = ? AND database = ? AND at BETWEEN ? AND ? ORDER BY at',
  );
  const dropHourly = db.prepare('DELETE FROM storage_size WHERE is_whole = 0 AND at < ?');
  const dropDaily = db.prepare('DELETE FROM storage_size WHERE at < ?');

  const keyOf = (environment: string): number | undefined =>
    (findKey.get(environment) as { key: number } | undefined)?.key;

  function* looks(key: number, database: string, from: number, to: number) {
    const whole = wholeBefore.get(key, database, from) as { at: number | null };
    let look: Look | undefined;
    for (const row of selectSizes.iterate(key, database, whole.at ?? from, to) as Iterable<SizeRow>) {
      // A difference whose beginning was dropped tells nothing.
      if (!row.is_whole && !look) continue;
      look = unpackLook(row.value, row.is_whole ? undefined : look);
      if (row.at >= from) yield { at: row.at, look };
    }
  }

  const last = (key: number, database: string, before: number) => {
    const whole = wholeBefore.get(key, database, before) as { at: number | null };
    if (whole.at === null) return undefined;
    let found: { at: number; look: Look } | undefined;
    for (const one of looks(key, database, whole.at, before)) found = one;
    return found;
  };

  return {
    known: (environment, database) => {
      const key = keyOf(environment);
      if (key === undefined) return undefined;
      const row = (database === undefined ? selectNewest.get(key) : selectKnown.get(key, database)) as
        | KnownRow
        | undefined;
      return row
        ? { database: row.database, firstAt: row.first_at, at: row.at, known: unpackKnown(row.value) }
        : undefined;
    },
    last: (environment, database) => {
      const key = keyOf(environment);
      return key === undefined ? undefined : last(key, database, Number.MAX_SAFE_INTEGER);
    },
    add: (environment, database, at, known, look) => {
      const { key } = insertKey.get(environment) as { key: number };
      const time = Math.round(at);
      const before = last(key, database, time - 1);
      const isWhole = before === undefined || startOfDay(before.at) !== startOfDay(time);
      within(db, () => {
        putKnown.run(key, database, time, time, packKnown(known));
        insertSize.run(
          key,
          database,
          time,
          isWhole ? 1 : 0,
          packLook(look, isWhole ? undefined : before.look),
        );
      });
    },
    *looks(environment, database, from, to) {
      const key = keyOf(environment);
      if (key !== undefined) yield* looks(key, database, Math.floor(from), Math.ceil(to));
    },
    roll: (now) => {
      // By whole days: what follows a dropped difference could not be read.
      dropHourly.run(startOfDay(now - hourly));
      dropDaily.run(startOfDay(now - daily));
    },
  };
}
