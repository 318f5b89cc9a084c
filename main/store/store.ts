import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Migration, readMigrations } from './migrations.ts';
import { within } from './within.ts';

/** Howdah's own store: history, events and the audit log, in one SQLite file of the data folder. */
export interface Store {
  db: DatabaseSync;
  file: string;
  /** What a person should hear about this opening, for example that a damaged file was moved aside. */
  notices: string[];
  close(): void;
}

/** The file was written by a newer Howdah. It is left as it is. */
export class StoreTooNew extends Error {
  override name = 'StoreTooNew';
}

/**
 * Opens the store in a data folder and brings its schema up to date, each migration in a transaction.
 * A damaged file is moved aside as `howdah.db.damaged-<time>` and a fresh one made; the notices say so.
 *
 * @throws {StoreTooNew} when the file's schema is newer than this program; nothing is touched.
 */
export function openStore(folder: string, migrations: Migration[] = readMigrations()): Store {
  const file = join(folder, 'howdah.db');
  const notices: string[] = [];
  let db: DatabaseSync;
  try {
    db = openChecked(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    notices.push(moveAside(file));
    db = openChecked(file);
  }
  try {
    migrate(db, file, migrations);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, file, notices, close: () => db.close() };
}

function openChecked(file: string): DatabaseSync {
  makePrivate(file);
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON');
    // The whole check reads the file once; the quick one skips index content, enough to see a torn file.
    const row = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (row.quick_check !== 'ok') throw new DamagedStore(row.quick_check);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** For its owner only, and so are the files that SQLite puts beside it, which take its mode. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) chmodSync(file + suffix, 0o600);
}

class DamagedStore extends Error {}

/** SQLite's result codes 11 (corrupt) and 26 (not a database). */
function isDamage(error: unknown): boolean {
  if (error instanceof DamagedStore) return true;
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && ((code & 0xff) === 11 || (code & 0xff) === 26);
}

function moveAside(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return `The history file was damaged. It was moved to ${aside} and a fresh one made; charts and the audit log begin anew.`;
}

function migrate(db: DatabaseSync, file: string, migrations: Migration[]): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    throw new StoreTooNew(
      `${file} was written by a newer Howdah (its schema is ${version}, this program knows ${migrations.length}). ` +
        'It was left untouched. Start the newer Howdah, or give another data folder with HOWDAH_DATA_DIR.',
    );
  }
  for (const migration of migrations.slice(version)) {
    try {
      within(db, () => {
        db.exec(migration.sql);
        db.exec(`PRAGMA user_version = ${migration.number}`);
      });
    } catch (error) {
      throw new Error(`Migration ${migration.number} (${migration.name}) of ${file} failed.`, {
        cause: error,
      });
    }
  }
}
