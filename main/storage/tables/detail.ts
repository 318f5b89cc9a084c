import type { Explanation } from '../../../preload/contract/common.ts';
import type { TableDetail } from '../../../preload/contract/storage.ts';
import { fail } from '../../lib/fail.ts';
import type { ServerPool } from '../../servers/index.ts';
import definitionsSql from '../indexes/definitions.sql?raw';
import indexSizesSql from '../indexes/sizes.sql?raw';
import { inBatches, isLocked } from './batches.ts';
import tableSql from './table.sql?raw';
import tableIndexesSql from './table-indexes.sql?raw';

/** What printing functions tell of one table; what is locked is null, and said. */
export async function tableDetail(pool: ServerPool, oid: number): Promise<TableDetail> {
  const indexes = await pool.query<{ oid: number; name: string; is_stored: boolean }>(tableIndexesSql, [oid]);
  const limits: Explanation[] = [];
  const table = await pool
    .query<{ bound: string | null; partition_key: string | null }>(tableSql, [oid])
    .catch((error: unknown) => {
      if (!isLocked(error)) throw error;
      limits.push(locked);
      return [{ bound: null, partition_key: null }];
    });
  const [traits] = table;
  if (!traits) throw gone();
  const definitions = new Map<number, string>();
  const sizes = new Map<number, number>();
  if (limits.length === 0) {
    const oids = indexes.map((one) => one.oid);
    for await (const { rows } of inBatches<{ oid: number; definition: string }>(pool, definitionsSql, oids))
      for (const row of rows) definitions.set(row.oid, row.definition);
    for await (const { rows, waiting } of inBatches<{ oid: number; bytes: number }>(
      pool,
      indexSizesSql,
      oids,
    )) {
      for (const row of rows) sizes.set(row.oid, row.bytes);
      if (waiting.length > 0) limits.push(locked);
    }
  }
  return {
    oid,
    bound: traits.bound,
    partitionKey: traits.partition_key,
    indexes: indexes.map((one) => ({
      oid: one.oid,
      name: one.name,
      definition: definitions.get(one.oid) ?? null,
      bytes: one.is_stored && sizes.has(one.oid) ? String(sizes.get(one.oid)) : null,
    })),
    limits,
  };
}

const locked: Explanation = {
  cause: 'table-locked',
  what: 'How the table and its indexes are defined could not be had.',
  why: 'A session holds or waits for an ACCESS EXCLUSIVE lock on it.',
  next: 'Look again when the lock is gone; Activity shows who holds it.',
};

const gone = () =>
  fail('INVALID', {
    cause: 'relation-gone',
    field: 'oid',
    what: 'This relation is there no more.',
    why: 'It was dropped since the list was drawn.',
    next: 'Choose another one.',
  });
