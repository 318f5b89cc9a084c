import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Backup, Verification } from '../../../preload/contract/backups.ts';
import { type Store, within } from '../../store/index.ts';
import { isBucketPath } from '../buckets/address.ts';
import type { AddedTools } from '../tools/index.ts';
import { type BackupRow, backupColumns, backupOf, type VerificationRow, verificationOf } from './rows.ts';

/** The backups that Howdah knows of, in its own store. The files themselves are nowhere changed by it. */
export interface Catalogue {
  /**
   * Notes a backup. One path is one backup: what was known of another that lay there is replaced, and its verifications
   * are forgotten unless it is the same one (size, time and checksum). `job`, the id of the one that made it, is kept as
   * long as it is the same backup.
   */
  record(backup: Backup, job?: string): Promise<Backup>;
  /** Ids of the jobs that made backups, by the backups' ids. */
  jobs(): Map<string, string>;
  /** Newest first, each with whether it is there now; of one environment (by id) or all. */
  list(environment?: string): Promise<Backup[]>;
  /** By id or absolute path. */
  get(ref: string): Promise<Backup | undefined>;
  /** Notes a backup that others made as one of an environment. */
  adopt(environment: string, backup: Backup): Promise<Backup>;
  /** Forgets it; the files stay. False: it is not known. */
  remove(id: string): boolean;
  /** Keeps what a verification has found. Undefined: the backup is not known any more. */
  verified(id: string, verification: Verification): Promise<Backup | undefined>;
  /** All that were kept, newest first. */
  verifications(id: string): Verification[];
  /** Places with programs that somebody named. */
  toolPlaces(): AddedTools[];
  addToolPlace(place: AddedTools): void;
  /** False: there was none. */
  removeToolPlace(place: AddedTools): boolean;
}

/** Files whose presence is looked at together: a dead network drive must not take all threads. */
const looksAtOnce = 16;
/** How long a file may take to show that it is there, ms. After that it counts as gone. */
const lookMs = 3000;

/** @param isInBucket whether what lies in a bucket is there */
export function openCatalogue(
  { db }: Store,
  isInBucket: (path: string) => Promise<boolean> = async () => false,
): Catalogue {
  const isThere = (path: string): Promise<boolean> =>
    isBucketPath(path) ? isInBucket(path) : isOnDisk(path);
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const select = `SELECT ${backupColumns} FROM backup b
    LEFT JOIN environment e ON e.key = b.environment LEFT JOIN backup_job j ON j.id = b.job`;
  const all = db.prepare(`${select} ORDER BY b.at DESC, b.id DESC`);
  const ofEnvironment = db.prepare(`${select} WHERE e.id = ? ORDER BY b.at DESC, b.id DESC`);
  const byId = db.prepare(`${select} WHERE b.id = ?`);
  const byPath = db.prepare(`${select} WHERE b.path = ?`);
  const insert = db.prepare(
    `INSERT INTO backup (environment, path, noted_at, format, compression, encrypted, made_by, at, duration_ms, bytes,
       database, server_version, tool_version, objects, sha256, job, contents)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET environment = excluded.environment, noted_at = excluded.noted_at,
       format = excluded.format, compression = excluded.compression, encrypted = excluded.encrypted,
       made_by = excluded.made_by, at = excluded.at, duration_ms = excluded.duration_ms, bytes = excluded.bytes,
       database = excluded.database, server_version = excluded.server_version, tool_version = excluded.tool_version,
       objects = excluded.objects, sha256 = excluded.sha256,
       job = excluded.job, contents = excluded.contents
     RETURNING id`,
  );
  const remove = db.prepare('DELETE FROM backup WHERE id = ?');
  const jobs = db.prepare('SELECT id, job FROM backup WHERE job IS NOT NULL');
  const proofs = db.prepare(
    'SELECT backup, level, state, at, said FROM backup_verification WHERE backup = ? ORDER BY id',
  );
  const allProofs = db.prepare('SELECT backup, level, state, at, said FROM backup_verification ORDER BY id');
  const prove = db.prepare(
    'INSERT INTO backup_verification (backup, level, state, at, said) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM backup_verification WHERE backup = ?');
  const places = db.prepare('SELECT kind, place AS "where" FROM backup_tools ORDER BY kind, place');
  const addPlace = db.prepare('INSERT OR IGNORE INTO backup_tools (kind, place) VALUES (?, ?)');
  const removePlace = db.prepare('DELETE FROM backup_tools WHERE kind = ? AND place = ?');

  const rowOf = (ref: string): BackupRow | undefined =>
    (/^\d{1,15}$/.test(ref) ? byId.get(Number(ref)) : byPath.get(whereOf(ref))) as BackupRow | undefined;
  const whole = async (row: BackupRow): Promise<Backup> =>
    backupOf(row, proofs.all(row.id) as unknown as VerificationRow[], await isThere(row.path));
  const addProof = (id: number, { level, state, at, said }: Verification): void => {
    const known = proofs.all(id) as unknown as VerificationRow[];
    // A backup that is noted again brings along what is known of it already.
    if (level !== 'none' && !known.some((one) => one.level === level && one.at === at))
      prove.run(id, level, state, at ?? Date.now(), JSON.stringify(said));
  };

  const record = async (backup: Backup, job?: string): Promise<Backup> => {
    const path = whereOf(backup.path);
    const id = within(db, () => {
      const before = byPath.get(path) as BackupRow | undefined;
      const isKnown = before !== undefined && isSame(before, backup);
      const key = backup.environment === null ? null : (keyOf.get(backup.environment) as { key: number }).key;
      const { id } = insert.get(
        key,
        path,
        Date.now(),
        backup.format,
        backup.compression,
        backup.isEncrypted ? 1 : 0,
        backup.madeBy,
        Math.round(backup.at),
        backup.durationMs,
        backup.bytes,
        backup.database,
        backup.serverVersion,
        backup.toolVersion,
        backup.objects,
        backup.sha256,
        job === undefined ? (isKnown ? before.job : null) : Number(job),
        backup.contents ? JSON.stringify(backup.contents) : null,
      ) as { id: number };
      if (before && !isKnown) forget.run(id);
      addProof(id, backup.verification);
      return id;
    });
    return await whole(byId.get(id) as unknown as BackupRow);
  };

  return {
    record,
    jobs: () => {
      const rows = jobs.all() as unknown as { id: number; job: number }[];
      return new Map(rows.map(({ id, job }) => [String(id), String(job)]));
    },
    list: async (environment) => {
      const rows = (environment === undefined
        ? all.all()
        : ofEnvironment.all(environment)) as unknown as BackupRow[];
      const proven = Map.groupBy(allProofs.all() as unknown as VerificationRow[], ({ backup }) => backup);
      const there = await areThere(
        rows.map(({ path }) => path),
        isThere,
      );
      return rows.map((row, index) => backupOf(row, proven.get(row.id) ?? [], there[index] ?? false));
    },
    get: async (ref) => {
      const row = rowOf(ref);
      return row && (await whole(row));
    },
    adopt: async (environment, backup) => await record({ ...backup, environment }),
    remove: (id) => remove.run(Number(id)).changes > 0,
    verified: async (id, verification) => {
      if (!rowOf(id)) return undefined;
      addProof(Number(id), verification);
      const row = rowOf(id);
      return row && (await whole(row));
    },
    verifications: (id) =>
      (proofs.all(Number(id)) as unknown as VerificationRow[]).map(verificationOf).reverse(),
    toolPlaces: () => (places.all() as unknown as AddedTools[]).map((one) => ({ ...one })),
    addToolPlace: ({ kind, where }) => void addPlace.run(kind, where),
    removeToolPlace: ({ kind, where }) => removePlace.run(kind, where).changes > 0,
  };
}

/** Whether what lies at a path now is what was known of it. */
const isSame = (before: BackupRow, now: Backup): boolean =>
  before.bytes === now.bytes &&
  before.at === Math.round(now.at) &&
  (before.sha256 === null || now.sha256 === null || before.sha256 === now.sha256);

const whereOf = (path: string): string => (isBucketPath(path) ? path : resolve(path));

async function areThere(
  paths: readonly string[],
  isThere: (path: string) => Promise<boolean>,
): Promise<boolean[]> {
  const found: boolean[] = [];
  let next = 0;
  const look = async (): Promise<void> => {
    for (let at = next++; at < paths.length; at = next++) found[at] = await isThere(paths[at] ?? '');
  };
  await Promise.all(Array.from({ length: looksAtOnce }, look));
  return found;
}

async function isOnDisk(path: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((done) => {
    timer = setTimeout(done, lookMs, false);
  });
  const seen = access(path).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([seen, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
