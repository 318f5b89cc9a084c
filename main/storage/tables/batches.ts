import { type ServerPool, serverWords } from '../../servers/index.ts';
import lockedSql from './locked.sql?raw';

/** How many relations one statement asks for. */
const batchSize = 500;
/** How many times a batch may meet a new lock before all of it counts as waiting. */
const mostTries = 4;

/** One batch: what came, and which of the asked-for were locked. */
export interface Batch<T> {
  rows: T[];
  waiting: number[];
}

/** What a table's or an index's sizes and definitions wait for. */
const lockNotAvailable = '55P03';

/**
 * Asks something of many relations, some hundreds at a time, with functions that wait for whoever has one to
 * themselves. The pool's `lock_timeout` ends the waiting; those that are locked are found and left out.
 */
export async function* inBatches<T extends { oid: number } & Record<string, unknown>>(
  pool: ServerPool,
  sql: string,
  oids: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<Batch<T>, void, void> {
  /** Those that were locked when last looked: one lock must not be waited for once a batch. */
  const held = new Set<number>();
  for (let from = 0; from < oids.length; from += batchSize) {
    signal?.throwIfAborted();
    yield await oneBatch<T>(pool, sql, oids.slice(from, from + batchSize), held);
  }
}

async function oneBatch<T extends { oid: number } & Record<string, unknown>>(
  pool: ServerPool,
  sql: string,
  oids: readonly number[],
  held: Set<number>,
): Promise<Batch<T>> {
  let left = oids.filter((oid) => !held.has(oid));
  for (let tries = 0; tries < mostTries && left.length > 0; tries += 1) {
    try {
      const rows = await pool.query<T>(sql, [left]);
      return { rows, waiting: oids.filter((oid) => !left.includes(oid)) };
    } catch (error) {
      if (!isLocked(error)) throw error;
      for (const { oid, table } of await pool.query<{ oid: number; table: number }>(lockedSql)) {
        held.add(oid);
        held.add(table);
      }
      const before = left.length;
      left = left.filter((oid) => !held.has(oid));
      // The holder has gone meanwhile, or it is one that the list of locks does not name: the same once more.
      if (left.length === before && tries > 0) break;
    }
  }
  return { rows: [], waiting: [...oids] };
}

export const isLocked = (error: unknown): boolean => serverWords(error)?.sqlstate === lockNotAvailable;
