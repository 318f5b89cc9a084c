import type { DatabaseSync } from 'node:sqlite';

/** Does some work on the store in one transaction: all of it, or nothing where it throws. */
export function within<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
