import type { RetentionPartition, RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { fail } from '../../lib/fail.ts';
import { knownColumns } from '../../monitoring/index.ts';
import { fillTemplate, type ServerPool } from '../../servers/index.ts';
import { sqlstateOf } from '../session.ts';
import boundsSql from './bounds.sql?raw';
import { readRange } from './bounds.ts';
import { type Cutoff, epochMs, isTimeType } from './cutoff.ts';
import endsSql from './ends.sql?raw';
import partitionsSql from './partitions.sql?raw';
import tableSql from './table.sql?raw';

export interface TableFacts extends Record<string, unknown> {
  oid: number;
  kind: string;
  isPartition: boolean;
  owner: string;
  owned: boolean;
  maySelect: boolean;
  mayDelete: boolean;
  /** Row security applies to this role. */
  secured: boolean;
  /** `r`, `l` or `h`; null where it is not partitioned. */
  strategy: string | null;
  keys: number | null;
  keyName: string | null;
  keyType: string | null;
  defaultOid: number | null;
  standby: boolean;
  referencedBy: string[];
  cascades: boolean;
  refersTo: string[];
  deleteTriggers: string[];
}

/** @throws INVALID where there is no such table */
export async function readTable(pool: ServerPool, schema: string, table: string): Promise<TableFacts> {
  const [found] = await pool.query<TableFacts>(tableSql, [schema, table]);
  if (found) return found;
  throw fail('INVALID', {
    cause: 'table-unknown',
    field: 'table',
    what: `There is no table ${schema}.${table} in this database.`,
    why: 'It was dropped or renamed, or lies in another database.',
    next: 'Choose another one.',
  });
}

export interface Partition extends RetentionPartition {
  oid: number;
  /** DETACH … CONCURRENTLY was begun and not brought to its end. */
  pending: boolean;
  owned: boolean;
}

interface PartitionRow extends Record<string, unknown> {
  oid: number;
  schema: string;
  name: string;
  kind: string;
  owned: boolean;
  pending: boolean;
  rows: number | null;
  bytes: number;
}

/** Bounds that are asked for at once. */
const batch = 100;

/** Whether DETACH … CONCURRENTLY is known here (14+). */
export async function knowsDetach(pool: ServerPool): Promise<boolean> {
  return (await knownColumns(pool, ['pg_inherits'])).get('pg_inherits')?.has('inhdetachpending') ?? false;
}

/** The partitions of a table with what becomes of each, by the end of their range. @throws what the server answers */
export async function readPartitions(
  pool: ServerPool,
  table: TableFacts,
  cutoff: Cutoff,
  epoch: Extract<RetentionTarget, { kind: 'partitions' }>['epoch'],
): Promise<Partition[]> {
  const sql = fillTemplate(partitionsSql, await knownColumns(pool, ['pg_inherits']));
  const rows = await pool.query<PartitionRow>(sql, [table.oid]);
  const bounds = await readBounds(
    pool,
    rows.map(({ oid }) => oid),
  );
  const ranges = rows.map(({ oid }) => {
    const bound = bounds.get(oid);
    return bound === undefined ? undefined : readRange(bound);
  });
  const ends = await readEnds(
    pool,
    ranges.map((range) => range?.to ?? null),
    table.keyType ?? '',
    epoch,
  );
  const judged = rows.map(({ kind: _, ...row }, index): Partition => {
    const bound = bounds.get(row.oid) ?? null;
    const endsAt = ends[index] ?? null;
    const isDefault = row.oid === table.defaultOid;
    return { ...row, bound, endsAt, ...verdict({ bound, endsAt, isDefault, pending: row.pending }, cutoff) };
  });
  return judged.sort((one, other) => (one.endsAt ?? Infinity) - (other.endsAt ?? Infinity));
}

function verdict(
  {
    bound,
    endsAt,
    isDefault,
    pending,
  }: { bound: string | null; endsAt: number | null; isDefault: boolean; pending: boolean },
  cutoff: Cutoff,
): { goes: boolean; why: string } {
  const stays = (why: string) => ({ goes: false, why });
  if (isDefault) return stays('the default partition never goes');
  if (bound === null) return stays('locked: its range could not be read');
  if (endsAt === null) return stays('its range has no end in time');
  if (endsAt > cutoff.at) return stays('its range is not over long enough');
  return {
    goes: true,
    why: pending ? 'its detaching was begun and is ended first' : 'all of its range is older',
  };
}

async function readBounds(pool: ServerPool, oids: readonly number[]): Promise<Map<number, string>> {
  const bounds = new Map<number, string>();
  for (let from = 0; from < oids.length; from += batch) {
    try {
      const rows = await pool.query<{ oid: number; bound: string | null }>(boundsSql, [
        oids.slice(from, from + batch),
      ]);
      for (const { oid, bound } of rows) if (bound !== null) bounds.set(oid, bound);
    } catch (error) {
      // Somebody locked one between the look and the reading: those of this batch are not known now.
      if (sqlstateOf(error) !== '55P03') throw error;
    }
  }
  return bounds;
}

async function readEnds(
  pool: ServerPool,
  texts: readonly (string | null)[],
  type: string,
  epoch: Extract<RetentionTarget, { kind: 'partitions' }>['epoch'],
): Promise<(number | null)[]> {
  const finite = (at: number | null): number | null => (at !== null && Number.isFinite(at) ? at : null);
  if (!isTimeType(type))
    return texts.map((text) => (text === null || epoch === null ? null : finite(epochMs(text, epoch))));
  const rows = await pool.query<{ at: number | null }>(endsSql, [texts, type]);
  return rows.map(({ at }) => finite(at));
}
