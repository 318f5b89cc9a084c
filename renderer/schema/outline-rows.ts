import type { Diagram, NodeKind } from '../../preload/contract/diagram/model/diagram.ts';
import { compareNames } from '../../preload/contract/diagram/model/digest.ts';
import type { NamesModel, Oid, TableKind } from '../../preload/contract/schema-model.ts';
import type { OtherKind, OtherObject } from './inspector/details/others.ts';
import { columnRows } from './outline-columns.ts';
import type { OutlineRow } from './outline-row.ts';

export interface OutlineSource {
  schemas: { name: string; tables: OutlineTable[]; others: OtherObject[] }[];
}

interface OutlineTable {
  oid: Oid;
  name: string;
  kind: NodeKind;
  /** Place in the diagram, once there is one. */
  place: number | undefined;
  aside: string;
}

/** The tree as far as names alone make it. */
export function outlineOfNames(names: NamesModel): OutlineSource {
  const tables = new Map(names.schemas.map(({ oid }): [string, OutlineTable[]] => [oid, []]));
  const partitions = new Map<string, number>();
  for (const { parent } of names.relations)
    if (parent) partitions.set(parent, (partitions.get(parent) ?? 0) + 1);
  for (const { oid, schema, name, kind } of names.relations) {
    if (kind === 'sequence' || kind === 'partition' || kind === 'sub-partitioned') continue;
    tables.get(schema)?.push({
      oid,
      name,
      kind: nodeKind(kind),
      place: undefined,
      aside: partitions.has(oid) ? `⊞ ${partitions.get(oid)}` : '',
    });
  }
  for (const { oid, schema, name, kind } of names.types) {
    if (kind === 'enum') tables.get(schema)?.push({ oid, name, kind: 'enum', place: undefined, aside: '' });
  }
  return {
    schemas: names.schemas
      .map(({ oid, name }) => ({
        name,
        tables: (tables.get(oid) ?? []).sort((a, b) => compareNames(a.name, b.name)),
        others: [],
      }))
      .sort((a, b) => compareNames(a.name, b.name)),
  };
}

const nodeKind = (kind: TableKind): NodeKind =>
  kind === 'partition' || kind === 'sub-partitioned' ? 'table' : kind;

/** The tree of a whole diagram, and of what it has no box for. `others` are in their order. */
export function outlineOfDiagram(diagram: Diagram, others: readonly OtherObject[] = []): OutlineSource {
  const schemas = diagram.schemas.map((name) => ({
    name,
    tables: [] as OutlineTable[],
    others: [] as OtherObject[],
  }));
  const byName = new Map(schemas.map((schema) => [schema.name, schema]));
  for (const other of others) byName.get(other.schema)?.others.push(other);
  for (const [place, table] of diagram.tables.entries()) {
    schemas[table.schema]?.tables.push({
      oid: table.oid,
      name: table.name,
      kind: table.kind,
      place,
      aside: table.kind === 'partitioned' ? `⊞ ${table.partitions}` : '',
    });
  }
  return { schemas };
}

export interface OutlineView {
  /** Part of a name; then everything that matches is shown, and nothing else. */
  search: string;
  /** Keys of rows that are not as they are at first: tables folded, schemas unfolded unless there are very many tables. */
  toggled: ReadonlySet<string>;
}

/** With more tables than this, schemas are folded at first: a list of ten thousand is no overview. */
const many = 2000;

/** Whether schemas are folded until somebody unfolds them. */
export function isFoldedAtFirst(source: OutlineSource): boolean {
  return (
    source.schemas.length > 1 && source.schemas.reduce((sum, { tables }) => sum + tables.length, 0) > many
  );
}

export const schemaKey = (schema: string): string => `s ${schema}`;
export const tableKey = (schema: string, name: string): string => `t ${schema}\0${name}`;

/** The rows that show. Columns are told only of tables that are unfolded. */
export function outlineRows(
  source: OutlineSource,
  diagram: Diagram | undefined,
  view: OutlineView,
): OutlineRow[] {
  const wanted = view.search.trim().toLowerCase();
  const rows: OutlineRow[] = [];
  const isFolded = isFoldedAtFirst(source);
  const matching = source.schemas.map(({ name, tables, others }) => {
    const isSchema = wanted !== '' && name.toLowerCase().includes(wanted);
    const found =
      wanted === ''
        ? tables
        : tables.filter(
            (table) =>
              table.name.toLowerCase().includes(wanted) ||
              (wanted.includes('.') && `${name}.${table.name}`.toLowerCase().includes(wanted)),
          );
    const foundOthers =
      wanted === '' ? others : others.filter((other) => other.name.toLowerCase().includes(wanted));
    const isWhole = found.length === 0 && foundOthers.length === 0 && isSchema;
    return {
      name,
      tables: isWhole ? tables : found,
      others: isWhole ? others : foundOthers,
      all: tables.length,
      isSchema,
    };
  });
  const shown = matching.filter(
    ({ tables, others, isSchema }) => wanted === '' || tables.length + others.length > 0 || isSchema,
  );
  for (const [at, { name, tables, others, all }] of shown.entries()) {
    const key = schemaKey(name);
    const expanded = wanted !== '' || view.toggled.has(key) === isFolded;
    rows.push({
      kind: 'schema',
      key,
      level: 1,
      label: name,
      aside: tables.length === all ? String(all) : `${tables.length} of ${all}`,
      spoken: () => `${name}, schema, ${all === 1 ? '1 table' : `${all} tables`}`,
      expanded,
      position: at + 1,
      siblings: shown.length,
      schema: name,
    });
    if (!expanded) continue;
    const groups = groupsOf(name, others);
    for (const [position, table] of tables.entries()) {
      const own = tableKey(name, table.name);
      const isOpen = view.toggled.has(own);
      const inside = diagram !== undefined && table.place !== undefined;
      rows.push({
        kind: 'table',
        key: own,
        level: 2,
        label: table.name,
        aside: table.aside,
        spoken: () => spokenTable(diagram, table),
        expanded: inside ? isOpen : undefined,
        position: position + 1,
        siblings: tables.length + groups.length,
        oid: table.oid,
        node: table.kind,
        table: table.place,
        schema: name,
        name: table.name,
      });
      if (isOpen && inside && table.place !== undefined) rows.push(...columnRows(diagram, table.place, own));
    }
    for (const [position, group] of groups.entries()) {
      const isOpen = wanted !== '' || view.toggled.has(group.key);
      rows.push({
        kind: 'group',
        key: group.key,
        level: 2,
        label: groupWords[group.of],
        aside: String(group.items.length),
        spoken: () => `${groupWords[group.of]}, ${group.items.length}`,
        expanded: isOpen,
        position: tables.length + position + 1,
        siblings: tables.length + groups.length,
        of: group.of,
        schema: name,
      });
      if (!isOpen) continue;
      for (const row of otherRows(name, group.items)) rows.push(row);
    }
  }
  return rows;
}

const groupWords: Record<OtherKind, string> = { routine: 'Routines', sequence: 'Sequences', type: 'Types' };

/** Folded at first: what people look for most are tables. */
function groupsOf(
  schema: string,
  others: readonly OtherObject[],
): { key: string; of: OtherKind; items: OtherObject[] }[] {
  return (['routine', 'sequence', 'type'] as const).flatMap((of) => {
    const items = others.filter(({ kind }) => kind === of);
    return items.length > 0 ? [{ key: `g ${schema}\0${of}`, of, items }] : [];
  });
}

function otherRows(schema: string, items: readonly OtherObject[]): OutlineRow[] {
  return items.map(({ oid, kind, name, aside, word }, at) => ({
    kind: 'other',
    key: `o ${schema}\0${kind} ${name}${aside}`,
    level: 3,
    label: name,
    aside,
    spoken: () => `${name}${aside}, ${word}`,
    expanded: undefined,
    position: at + 1,
    siblings: items.length,
    oid,
    of: kind,
    schema,
    name,
  }));
}

export const kindWords: Record<NodeKind, string> = {
  table: 'table',
  partitioned: 'partitioned table',
  view: 'view',
  'materialized-view': 'materialized view',
  'foreign-table': 'foreign table',
  enum: 'enum',
};

function spokenTable(diagram: Diagram | undefined, { name, kind, place }: OutlineTable): string {
  const table = diagram?.tables[place ?? -1];
  if (!table) return `${name}, ${kindWords[kind]}`;
  const count = table.columns.length;
  const noun = kind === 'enum' ? (count === 1 ? 'value' : 'values') : count === 1 ? 'column' : 'columns';
  const partitions = table.partitions === 1 ? '1 partition' : `${table.partitions} partitions`;
  return [
    name,
    kindWords[kind],
    `${count} ${noun}`,
    kind === 'partitioned' ? partitions : '',
    table.rowSecurity === 'off' ? '' : 'row security',
  ]
    .filter(Boolean)
    .join(', ');
}
