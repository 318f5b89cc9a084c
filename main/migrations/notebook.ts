import { type Store, within } from '../store/index.ts';

/** A home-made table as somebody described it. */
export interface HomeMade {
  schema: string;
  table: string;
  nameColumn: string;
  timeColumn: string | null;
  checksumColumn: string | null;
  /** Relative to a linked project, or absolute. */
  folder: string;
}

/** What Howdah keeps of migrations in its own store, by environment. */
export interface Notebook {
  folders(environment: string): string[];
  addFolder(environment: string, folder: string): void;
  removeFolder(environment: string, folder: string): void;
  homes(environment: string, database: string): HomeMade[];
  setHome(environment: string, database: string, home: HomeMade): void;
  removeHome(environment: string, database: string, home: Pick<HomeMade, 'schema' | 'table'>): void;
  /**
   * SHA-256 of files as they were when first seen applied, by id. Those not known yet are noted with what is given.
   */
  firstSeen(
    environment: string,
    database: string,
    track: string,
    now: ReadonlyMap<string, string>,
  ): Map<string, { sha256: string; seenAt: number }>;
  /** The file is not applied any more: what it was like then means nothing now. */
  forgetSeen(environment: string, database: string, track: string, ids: readonly string[]): void;
}

export function openNotebook({ db }: Store): Notebook {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const key = (environment: string) => (keyOf.get(environment) as { key: number }).key;
  const folders = db.prepare(
    'SELECT folder FROM migration_folder JOIN environment e ON e.key = environment WHERE e.id = ? ORDER BY folder',
  );
  const addFolder = db.prepare('INSERT OR IGNORE INTO migration_folder (environment, folder) VALUES (?, ?)');
  const removeFolder = db.prepare('DELETE FROM migration_folder WHERE environment = ? AND folder = ?');
  const homes = db.prepare(
    `SELECT schema, "table", name_column AS nameColumn, time_column AS timeColumn,
       checksum_column AS checksumColumn, folder
     FROM migration_home JOIN environment e ON e.key = environment WHERE e.id = ? AND database = ?`,
  );
  const setHome = db.prepare(
    `INSERT OR REPLACE INTO migration_home
       (environment, database, schema, "table", name_column, time_column, checksum_column, folder)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeHome = db.prepare(
    `DELETE FROM migration_home WHERE environment = (SELECT key FROM environment WHERE id = ?)
       AND database = ? AND schema = ? AND "table" = ?`,
  );
  const seen = db.prepare(
    `SELECT f.id, sha256, seen_at AS seenAt FROM migration_file f JOIN environment e ON e.key = environment
     WHERE e.id = ? AND database = ? AND track = ?`,
  );
  const note = db.prepare(
    'INSERT OR IGNORE INTO migration_file (environment, database, track, id, sha256, seen_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const forget = db.prepare(
    'DELETE FROM migration_file WHERE environment = ? AND database = ? AND track = ? AND id = ?',
  );

  return {
    folders: (environment) => (folders.all(environment) as { folder: string }[]).map(({ folder }) => folder),
    addFolder: (environment, folder) => void addFolder.run(key(environment), folder),
    removeFolder: (environment, folder) => void removeFolder.run(key(environment), folder),
    homes: (environment, database) =>
      (homes.all(environment, database) as unknown as HomeMade[]).map((one) => ({ ...one })),
    setHome: (environment, database, home) => {
      const { schema, table, nameColumn, timeColumn, checksumColumn, folder } = home;
      setHome.run(key(environment), database, schema, table, nameColumn, timeColumn, checksumColumn, folder);
    },
    removeHome: (environment, database, { schema, table }) =>
      void removeHome.run(environment, database, schema, table),
    firstSeen: (environment, database, track, now) => {
      const rows = seen.all(environment, database, track) as { id: string; sha256: string; seenAt: number }[];
      const known = new Map(rows.map(({ id, sha256, seenAt }) => [id, { sha256, seenAt }]));
      const fresh = [...now].filter(([id]) => !known.has(id));
      const at = Date.now();
      if (fresh.length)
        within(db, () => {
          const environmentKey = key(environment);
          for (const [id, sha256] of fresh) note.run(environmentKey, database, track, id, sha256, at);
        });
      return known;
    },
    forgetSeen: (environment, database, track, ids) => {
      if (!ids.length) return;
      within(db, () => {
        const environmentKey = key(environment);
        for (const id of ids) forget.run(environmentKey, database, track, id);
      });
    },
  };
}
