import type { FieldDef } from 'pg';
import type { ResultColumn } from '../../../preload/contract/sql.ts';
import type { ServerPool } from '../../servers/index.ts';
import typesSql from './column-types.sql?raw';

/** Built-in types by oid (PostgreSQL's `pg_type.dat`: fixed for all versions). */
const kinds: readonly (readonly [ResultColumn['kind'], readonly number[]])[] = [
  ['number', [20, 21, 23, 26, 700, 701, 1700, 28]],
  ['boolean', [16]],
  ['time', [1082, 1083, 1114, 1184, 1266, 1186]],
  ['json', [114, 3802]],
  ['bytes', [17]],
  ['text', [18, 19, 25, 1042, 1043, 2950, 142, 3614, 3615]],
  ['range', [3904, 3906, 3908, 3910, 3912, 3926, 4451, 4532, 4533, 4534, 4535, 4536]],
  ['array', [1000, 1001, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951, 199, 3807]],
];
const kindByOid = new Map(kinds.flatMap(([kind, oids]) => oids.map((oid) => [oid, kind] as const)));

/** A result's columns from its row description; their types' names come from {@link nameTypes}. */
export function columnsOf(fields: readonly FieldDef[]): ResultColumn[] {
  return fields.map(({ name, dataTypeID, tableID, columnID }) => ({
    name,
    type: null,
    oid: dataTypeID,
    kind: kindByOid.get(dataTypeID) ?? 'other',
    table: tableID || null,
    attribute: columnID || null,
  }));
}

/** The same columns with their types' names; as they are where the server does not say. */
export async function nameTypes(
  columns: readonly ResultColumn[],
  fields: readonly FieldDef[],
  pool: ServerPool,
): Promise<ResultColumn[]> {
  const keys = new Map(fields.map((field) => [keyOf(field), field]));
  const asked = [...keys.values()];
  const rows = await pool.query<{ key: string; type: string }>(typesSql, [
    asked.map(({ dataTypeID }) => dataTypeID),
    asked.map(({ dataTypeModifier }) => dataTypeModifier),
  ]);
  const types = new Map(rows.map(({ key, type }) => [key, type]));
  return columns.map((column, nth) => {
    const field = fields[nth];
    const type = (field && types.get(keyOf(field))) ?? null;
    const isArray = column.kind === 'other' && type?.endsWith('[]');
    return { ...column, type, kind: isArray ? 'array' : column.kind };
  });
}

const keyOf = ({ dataTypeID, dataTypeModifier }: FieldDef): string => `${dataTypeID}:${dataTypeModifier}`;
