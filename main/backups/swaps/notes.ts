import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Store } from '../../store/index.ts';

/** A database that a swap keeps, as it was noted when that was done. */
export interface SwapNote {
  id: number;
  /** Null: it was removed, or never saved. */
  environment: string | null;
  /** The server's system identifier; null where it could not be asked. */
  system: string | null;
  at: number;
  database: string;
  kept: string;
  oid: number;
  holds: KeptDatabase['holds'];
  backup: number | null;
  path: string | null;
}

/** Notes of what swaps keep. */
export interface SwapNotes {
  /** @param environment an id; `backup` is of the catalogue, and forgotten with it */
  add(note: Omit<SwapNote, 'id'>): void;
  get(id: string): SwapNote | undefined;
  /** Newest first: all of an environment, and those of other environments that are on the same server. */
  of(environment: string, system: string | null): SwapNote[];
  all(): SwapNote[];
  /** False: there was none. */
  remove(id: number): boolean;
}

export function openSwapNotes({ db }: Pick<Store, 'db'>): SwapNotes {
  const select = `SELECT s.id, e.id AS environment, s.system, s.at, s.database, s.kept, s.oid, s.holds, s.backup, s.path
    FROM backup_swap s LEFT JOIN environment e ON e.key = s.environment`;
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insert = db.prepare(
    `INSERT INTO backup_swap (environment, system, at, database, kept, oid, holds, backup, path)
     VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT id FROM backup WHERE id = ?), ?)`,
  );
  const one = db.prepare(`${select} WHERE s.id = ?`);
  const ofServer = db.prepare(`${select} WHERE e.id = ? OR s.system = ? ORDER BY s.at DESC, s.id DESC`);
  const all = db.prepare(`${select} ORDER BY s.at DESC, s.id DESC`);
  const remove = db.prepare('DELETE FROM backup_swap WHERE id = ?');
  return {
    add: ({ environment, system, at, database, kept, oid, holds, backup, path }) => {
      const key = environment === null ? null : (keyOf.get(environment) as { key: number }).key;
      insert.run(key, system, Math.floor(at), database, kept, oid, holds, backup, path);
    },
    get: (id) => (/^\d{1,15}$/.test(id) ? (one.get(Number(id)) as SwapNote | undefined) : undefined),
    of: (environment, system) => ofServer.all(environment, system) as unknown as SwapNote[],
    all: () => all.all() as unknown as SwapNote[],
    remove: (id) => remove.run(id).changes > 0,
  };
}

/** A note as it is shown, with what is known of the database by now. */
export const shownNote = (
  { id, environment, at, database, kept, holds, backup, path }: SwapNote,
  now: Pick<KeptDatabase, 'state' | 'said'> & Partial<KeptDatabase>,
): KeptDatabase => ({
  id: String(id),
  environment,
  at,
  database,
  kept,
  holds,
  backup: backup === null ? null : String(backup),
  path,
  name: null,
  isDatabaseThere: null,
  bytes: null,
  ...now,
});
