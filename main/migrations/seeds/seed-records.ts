import type { Store } from '../../store/index.ts';

/** One file of seeds as it was when it ran. */
export interface SeedRun {
  /** Of its bytes, in hex. */
  sha256: string;
  /** ms since 1970, by this machine's clock. */
  ranAt: number;
}

/** Which files of seeds were run, by environment, database and folder. */
export interface SeedRecords {
  /** By the file's name. */
  of(environment: string, database: string, folder: string): Map<string, SeedRun>;
  put(environment: string, database: string, folder: string, file: string, run: SeedRun): void;
  remove(environment: string, database: string, folder: string, file: string): void;
}

export function openSeedRecords({ db }: Store): SeedRecords {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const all = db.prepare(
    `SELECT file, sha256, ran_at AS ranAt FROM seed_run JOIN environment e ON e.key = environment
     WHERE e.id = ? AND database = ? AND folder = ?`,
  );
  const put = db.prepare(
    'INSERT OR REPLACE INTO seed_run (environment, database, folder, file, sha256, ran_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare(
    `DELETE FROM seed_run WHERE environment = (SELECT key FROM environment WHERE id = ?) AND database = ?
       AND folder = ? AND file = ?`,
  );
  return {
    remove: (environment, database, folder, file) => void remove.run(environment, database, folder, file),
    of: (environment, database, folder) =>
      new Map(
        (all.all(environment, database, folder) as unknown as (SeedRun & { file: string })[]).map(
          ({ file, sha256, ranAt }) => [file, { sha256, ranAt }],
        ),
      ),
    put: (environment, database, folder, file, { sha256, ranAt }) => {
      put.run((keyOf.get(environment) as { key: number }).key, database, folder, file, sha256, ranAt);
    },
  };
}
