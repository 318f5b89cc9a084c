import { basename, dirname } from 'node:path';
import type { Store } from '../../store/index.ts';

/** One file of seeds as it was when it ran. */
export interface SeedRun {
  /** Of its bytes, in hex. */
  sha256: string;
  /** ms since 1970, by this machine's clock. */
  ranAt: number;
}

/** What Howdah itself filled a database with when it made it: the sample systems. */
export interface Loaded {
  /** ms since 1970. What was noted before is of another database. */
  at: number;
  /** SHA-256, in hex, of the files that ran, by their whole path. */
  files: ReadonlyMap<string, string>;
}

/** Which files of seeds were run, by environment, database and folder. */
export interface SeedRecords {
  /** By the file's name. */
  of(environment: string, database: string, folder: string, loaded: Loaded | undefined): Map<string, SeedRun>;
  put(environment: string, database: string, folder: string, file: string, run: SeedRun): void;
  /** Notes that it has not run, even where the loading had run it. */
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
  const note = (environment: string, database: string, folder: string, file: string, run: SeedRun): void => {
    const { key } = keyOf.get(environment) as { key: number };
    put.run(key, database, folder, file, run.sha256, run.ranAt);
  };
  return {
    put: note,
    remove: (environment, database, folder, file) =>
      note(environment, database, folder, file, { sha256: notRun, ranAt: Date.now() }),
    of: (environment, database, folder, loaded) => {
      const runs = new Map<string, SeedRun>();
      for (const [path, sha256] of loaded?.files ?? [])
        if (dirname(path) === folder) runs.set(basename(path), { sha256, ranAt: loaded?.at ?? 0 });
      const rows = all.all(environment, database, folder) as unknown as (SeedRun & { file: string })[];
      for (const { file, sha256, ranAt } of rows) {
        if (ranAt < (loaded?.at ?? 0)) continue;
        if (sha256 === notRun) runs.delete(file);
        else runs.set(file, { sha256, ranAt });
      }
      return runs;
    },
  };
}

/** Stands in place of a hash where somebody said that the file has not run. */
const notRun = '';
